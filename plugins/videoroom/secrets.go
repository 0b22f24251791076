package videoroom

import "github.com/bifrons-rtc/bifrons/internal/secret"

// What holds a secret prints as its message without that: requests end up in logs.

// String hides the secrets.
func (r ListRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r ListRequest) GoString() string { return r.String() }

// String hides the secrets.
func (r RecordRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r RecordRequest) GoString() string { return r.String() }

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
func (r KickRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r KickRequest) GoString() string { return r.String() }

// String hides the secrets.
func (r ModerateRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r ModerateRequest) GoString() string { return r.String() }

// String hides the secrets.
func (r AllowedRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r AllowedRequest) GoString() string { return r.String() }

// String hides the secrets.
func (r AddRemoteRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r AddRemoteRequest) GoString() string { return r.String() }

// String hides the secrets.
func (r UpdateRemoteRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r UpdateRemoteRequest) GoString() string { return r.String() }

// String hides the secrets.
func (r RemoveRemoteRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r RemoveRemoteRequest) GoString() string { return r.String() }

// String hides the secrets.
func (r PublishRemotelyRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r PublishRemotelyRequest) GoString() string { return r.String() }

// String hides the secrets.
func (r UnpublishRemotelyRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r UnpublishRemotelyRequest) GoString() string { return r.String() }

// String hides the secrets.
func (r ListRemotesRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r ListRemotesRequest) GoString() string { return r.String() }

// String hides the secrets.
func (r ForwardRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r ForwardRequest) GoString() string { return r.String() }

// String hides the secrets.
func (r ForwardStream) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r ForwardStream) GoString() string { return r.String() }

// String hides the secrets.
func (r StopForwardRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r StopForwardRequest) GoString() string { return r.String() }

// String hides the secrets.
func (r ListForwardersRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r ListForwardersRequest) GoString() string { return r.String() }

// String hides the secrets.
func (r JoinRequest) String() string { return secret.Hide(r) }

// GoString hides the secrets from %#v.
func (r JoinRequest) GoString() string { return r.String() }

// String hides the secrets.
func (j JoinReply) String() string {
	j.PrivateID = 0
	return secret.Hide(j)
}

// GoString hides the secrets from %#v.
func (j JoinReply) GoString() string { return j.String() }

// String hides the secrets.
func (r SubscribeRequest) String() string {
	r.PrivateID = 0
	return secret.Hide(r)
}

// GoString hides the secrets from %#v.
func (r SubscribeRequest) GoString() string { return r.String() }

// String hides the secrets.
func (p PublishRequest) String() string { return secret.Hide(p) }

// GoString hides the secrets from %#v.
func (p PublishRequest) GoString() string { return p.String() }
