package signaling

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"salon/sfu/id"
	"salon/sfu/room"
	"salon/signaling/token"
	"salon/signaling/wire"
)

// Limits of ours on what a client may say of itself, in bytes.
const (
	maxNameOfRoom = 255
	maxName       = 512
	maxMetadata   = 64 << 10 // metadata; attributes together as much again
)

// minProtocol is the oldest protocol that is understood: below it, clients miss updates while they reconnect.
const minProtocol = 9

// An admission is what a request to join says, checked as far as the request itself goes.
type admission struct {
	room   id.Room
	join   room.Join
	claims token.Claims

	// offer and tracks come with the request of a client with a single connection, or not at all.
	offer  *wire.SessionDescription
	tracks []*wire.AddTrackRequest

	// resumes is set when the client wants to go on with a session of before.
	resumes bool
	// tellsAll is set for clients whose metadata updates carry all fields, so that an empty one means empty.
	tellsAll bool

	// epoch of the lease by which the room was here when its door opened; 0: this node is alone.
	epoch uint64
}

// admit reads the request. mustPack: the path allows nothing but a join_request. The error is one that status knows.
func admit(r *http.Request, keys token.Keys, mustPack bool, now time.Time) (*admission, error) {
	query := r.URL.Query()
	claims, err := token.Verify(keys, bearer(r, query), now)
	if err != nil {
		return nil, err
	}
	a := &admission{claims: claims}
	if err := a.authorize(query.Get("room")); err != nil {
		return nil, err
	}
	a.join = joinOf(claims)
	switch packed := query.Get("join_request"); {
	case packed != "":
		err = a.readPacked(packed)
	case mustPack:
		err = errNoJoinRequest
	default:
		err = a.readQuery(query)
	}
	if err != nil {
		return nil, err
	}
	if a.join.Protocol < minProtocol {
		return nil, errOldProtocol
	}
	if len(a.join.Name) > maxName || tooLarge(a.join.Metadata, a.join.Attributes) {
		return nil, errMetadataTooLarge
	}
	return a, nil
}

// bearer finds the token: browsers can't set headers, others do.
func bearer(r *http.Request, query url.Values) string {
	if raw, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return raw
	}
	return query.Get("access_token")
}

// authorize checks that the token is for joining, and which room.
func (a *admission) authorize(asked string) error {
	g := a.claims.Grant
	if !g.RoomJoin {
		return errNoJoinGrant
	}
	if a.claims.Identity == "" {
		return errNoIdentity
	}
	name := g.Room
	if name == "" {
		name = a.claims.Room.Name
	}
	switch {
	case name == "":
		name = asked
	case asked != "" && asked != name:
		return errOtherRoom
	}
	if name == "" {
		return errNoRoom
	}
	if len(name) > maxNameOfRoom || len(a.claims.Identity) > maxNameOfRoom {
		return errNameTooLong
	}
	a.room = id.Room(name)
	return nil
}

// joinOf returns what the token alone says.
func joinOf(c token.Claims) room.Join {
	return room.Join{
		Identity:        id.Identity(c.Identity),
		Name:            c.Name,
		Metadata:        c.Metadata,
		Attributes:      c.Attributes,
		Kind:            wire.ParticipantInfo_Kind_value[strings.ToUpper(c.Kind)], // 0, standard, when unknown
		Grants:          grantsOf(c.Grant),
		AutoSubscribe:   true,
		MaxParticipants: int(c.Room.MaxParticipants),
		RoomMetadata:    c.Room.Metadata,
	}
}

func grantsOf(g token.Grant) room.Grants {
	var sources []room.Source
	for _, name := range g.CanPublishSources {
		source := wire.TrackSource(wire.TrackSource_value[strings.ToUpper(name)])
		sources = append(sources, sourceOf(source)) // an unknown name allows unknown sources alone
	}
	return room.Grants{
		Publish: g.Publish(), Subscribe: g.Subscribe(), PublishData: g.PublishData(), Sources: sources,
		UpdateOwnMetadata: g.UpdateOwnMetadata(), SubscribeMetrics: g.SubscribeMetrics(),
		Hidden: g.Hidden, Recorder: g.Recorder, Agent: g.Agent,
	}
}

// readQuery reads what clients with two connections say in the URL's parameters.
func (a *admission) readQuery(query url.Values) error {
	a.join.AutoSubscribe = !query.Has("auto_subscribe") || truth(query.Get("auto_subscribe"))
	a.join.Protocol = number(query.Get("protocol"))
	a.join.ClientProtocol = number(query.Get("client_protocol"))
	a.resumes = truth(query.Get("reconnect"))
	a.tellsAll = tellsAll(wire.ClientInfo_SDK(wire.ClientInfo_SDK_value[sdkName(query.Get("sdk"))]))
	packed := query.Get("attributes")
	if packed == "" {
		return nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(packed, "="))
	if err != nil {
		return errAttributes
	}
	var attributes map[string]string
	if err := json.Unmarshal(raw, &attributes); err != nil {
		return errAttributes
	}
	return a.override("", attributes)
}

func sdkName(s string) string {
	if s == "reactnative" {
		return wire.ClientInfo_REACT_NATIVE.String()
	}
	return strings.ToUpper(s)
}

// readPacked reads a join_request: a client with a single connection.
func (a *admission) readPacked(packed string) error {
	request, err := wire.UnpackJoin(packed)
	if err != nil {
		return err
	}
	client := request.GetClientInfo()
	a.join.Single = true
	a.join.Protocol = client.GetProtocol()
	a.join.ClientProtocol = client.GetClientProtocol()
	for _, c := range client.GetCapabilities() {
		a.join.Capabilities = append(a.join.Capabilities, int32(c))
	}
	if settings := request.GetConnectionSettings(); settings != nil {
		a.join.AutoSubscribe = settings.GetAutoSubscribe()
	}
	a.offer = request.GetPublisherOffer()
	a.tracks = request.GetAddTrackRequests()
	a.resumes = request.GetReconnect()
	a.tellsAll = tellsAll(client.GetSdk())
	return a.override(request.GetMetadata(), request.GetParticipantAttributes())
}

// override lets the client's own metadata win over the token's, where the token allows it.
func (a *admission) override(metadata string, attributes map[string]string) error {
	if metadata == "" && len(attributes) == 0 {
		return nil
	}
	if !a.join.Grants.UpdateOwnMetadata {
		return errOwnMetadata
	}
	if metadata != "" {
		a.join.Metadata = metadata
	}
	if len(attributes) > 0 {
		merged := maps.Clone(attributes)
		for k, v := range a.join.Attributes {
			if _, said := attributes[k]; !said {
				merged[k] = v
			}
		}
		a.join.Attributes = merged
	}
	return nil
}

// tellsAll is true of the JavaScript clients: they repeat the name when they change the metadata.
func tellsAll(sdk wire.ClientInfo_SDK) bool {
	return sdk == wire.ClientInfo_JS || sdk == wire.ClientInfo_REACT_NATIVE
}

func tooLarge(metadata string, attributes map[string]string) bool {
	size := 0
	for k, v := range attributes {
		size += len(k) + len(v)
	}
	return len(metadata) > maxMetadata || size > maxMetadata
}

func truth(s string) bool { return s == "1" || strings.EqualFold(s, "true") }

func number(s string) int32 {
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil {
		return 0
	}
	return int32(n)
}
