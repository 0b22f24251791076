package textroom

import "github.com/bifrons-rtc/bifrons/internal/secret"

// What holds a secret prints as its message without that: requests end up in logs.

// String hides the secrets.
func (r CreateRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r CreateRequest) GoString() string { return r.String() }

// String hides the secrets.
func (r EditRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r EditRequest) GoString() string { return r.String() }

// String hides the secrets.
func (r DestroyRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r DestroyRequest) GoString() string { return r.String() }

// String hides the secrets.
func (r AllowedRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r AllowedRequest) GoString() string { return r.String() }

// String hides the secrets.
func (r KickRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r KickRequest) GoString() string { return r.String() }

// String hides the secrets.
func (r AnnouncementRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r AnnouncementRequest) GoString() string { return r.String() }

// String hides the secrets.
func (r JoinRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r JoinRequest) GoString() string { return r.String() }
