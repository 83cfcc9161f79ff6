package transport

// An EventKind says what happened to a Transport.
type EventKind uint8

// What can happen. After Failed or Closed nothing more flows; the owner still
// has to Close the Transport.
const (
	Connected    EventKind = iota + 1 // media flows; also when it flows again after Disconnected
	Disconnected                      // the peer has fallen silent; it may come back
	Failed                            // no way to the peer, or its handshake is wrong: see Err
	Closed                            // the peer has ended the connection
	Message                           // the peer sent Data on Channel
	ChannelsOpen                      // both message channels carry messages
)

// String names the kind as logs do.
func (k EventKind) String() string {
	switch k {
	case Connected:
		return "connected"
	case Disconnected:
		return "disconnected"
	case Failed:
		return "failed"
	case Closed:
		return "closed"
	case Message:
		return "message"
	case ChannelsOpen:
		return "channels open"
	default:
		return "unknown"
	}
}

// An Event is one thing that happened to one Transport. Events of a Transport
// come in order for each cause (ICE state, candidates, each data channel), not
// across causes. None is delivered once Close has returned.
type Event struct {
	From    *Transport
	Kind    EventKind
	Channel Channel // of Message
	Data    []byte  // of Message; the receiver owns it
	Err     error   // of Failed, when there is a cause to tell
	Network string  // of Connected: "udp4" or "udp6"
	Profile string  // of Connected: the SRTP protection profile
}
