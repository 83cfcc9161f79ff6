package room

import (
	"time"

	"salon/sfu/id"
)

// Kind is what a track carries.
type Kind uint8

// Kinds of a track.
const (
	Audio Kind = iota + 1
	Video
)

// Source is where a track comes from.
type Source uint8

// Sources of a track.
const (
	SourceUnknown Source = iota
	Camera
	Microphone
	ScreenShare
	ScreenShareAudio
)

// Quality names a simulcast layer by its rank.
type Quality uint8

// Qualities, from the smallest layer to the largest; Off is none at all.
const (
	Low Quality = iota
	Medium
	High
	Off
)

// Presence is how far a Participant has come.
type Presence uint8

// Presences, in the order in which a Participant goes through them.
const (
	Joining Presence = iota
	Joined
	Active
	Disconnected
)

// Encoding describes one simulcast or SVC layer as its publisher announced it.
type Encoding struct {
	Quality       Quality
	Width, Height uint32 // pixels
	Bitrate       uint32 // bit/s
	RID           string // "q", "h", "f"; empty when there is only one
	SSRC          uint32
}

// TrackState is what everyone in the room may know of a published track. The fields from Type on are the
// publisher's own words, passed to the others as they came.
type TrackState struct {
	SID       id.Track
	Kind      Kind
	Source    Source
	Name      string
	MIME      string // "video/VP8"
	MID       string
	Muted     bool
	Width     uint32
	Height    uint32
	Simulcast bool
	Stream    string // groups tracks for lip sync: "camera", "screen"
	Encodings []Encoding

	DisableDTX, Stereo, DisableRED bool
	Encryption                     int32   // 0 none, 1 GCM, 2 custom: the client protocol's numbers
	AudioFeatures                  []int32 // the client protocol's numbers
	BackupCodecPolicy              int32
}

// ParticipantState is what everyone in the room may know of a Participant. Version grows with each change.
type ParticipantState struct {
	SID        id.Participant
	Identity   id.Identity
	Name       string
	Metadata   string
	Attributes map[string]string
	Kind       int32 // the client protocol's numbers: 0 standard
	Presence   Presence
	JoinedAt   time.Time
	Version    uint32
	Grants     Grants
	Tracks     []TrackState
	Reason     LeaveReason // set when Presence is Disconnected

	ClientProtocol int32
	Capabilities   []int32
}

// Grants are what a join token allows its bearer.
type Grants struct {
	Publish, Subscribe, PublishData bool
	Sources                         []Source // non-empty: only these may be published
	UpdateOwnMetadata               bool
	Hidden                          bool
	Recorder                        bool
	Agent                           bool
	SubscribeMetrics                bool
}

// State is what everyone may know of a Room.
type State struct {
	SID             id.RoomSession
	Name            id.Room
	Metadata        string
	CreatedAt       time.Time
	Participants    int
	Publishers      int
	Tracks          int
	MaxParticipants int // 0: no limit
}

// Wish is what a Participant wants of a video it is subscribed to (client protocol: track_setting).
// Width and height, in pixels, win over Quality when both are set. The zero value asks for the best.
type Wish struct {
	Disabled      bool
	Quality       Quality // at most; only looked at when HasQuality
	HasQuality    bool
	Width, Height uint32
	FPS           uint32 // frames per second at most; 0: no limit
	Priority      uint32
}

// LeaveReason says why a Participant went. The numbers are the client protocol's DisconnectReason.
type LeaveReason int32

// Reasons to leave.
const (
	ReasonUnknown            LeaveReason = 0
	ReasonClientInitiated    LeaveReason = 1
	ReasonDuplicateIdentity  LeaveReason = 2
	ReasonServerShutdown     LeaveReason = 3
	ReasonParticipantRemoved LeaveReason = 4
	ReasonRoomDeleted        LeaveReason = 5
	ReasonStateMismatch      LeaveReason = 6
	ReasonJoinFailure        LeaveReason = 7
	ReasonMigration          LeaveReason = 8
	ReasonSignalClose        LeaveReason = 9
	ReasonRoomClosed         LeaveReason = 10
	ReasonConnectionTimeout  LeaveReason = 14
	ReasonMediaFailure       LeaveReason = 15
)
