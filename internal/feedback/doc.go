// Package feedback sets up what the two ends of a pion connection tell each other
// about its streams, for our native peers and for the embedded gateway alike.
package feedback
