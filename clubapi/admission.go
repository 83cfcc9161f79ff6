package clubapi

import (
	"context"
	"time"
)

// Admission asks for a place in the room of a conference.
type Admission struct {
	Room     string    // "conference-<id>"
	Identity string    // "user-<id>"; whoever joins twice replaces themselves
	Name     string    // the nickname, shown to the others
	UserImg  string    // URL of a picture, or empty
	Until    time.Time // the place must not outlive this
	BaseURL  string    // ws:// or wss:// and the host the caller used, for a server that was told no address of its own
}

// Place is where to connect and what to show at the door.
type Place struct {
	URL       string
	Token     string
	ExpiresAt time.Time // from here on the token opens no door
}

// Admitter gives places in rooms. The media side implements it; it must not outlive ctx.
type Admitter interface {
	Admit(ctx context.Context, a Admission) (Place, error)
}
