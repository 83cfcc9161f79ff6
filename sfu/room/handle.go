package room

import (
	"context"
	"fmt"

	"salon/sfu/id"
)

// Update changes what a Participant says of itself: nil leaves a thing as it is, an empty attribute is deleted.
type Update struct {
	Name, Metadata *string
	Attributes     map[string]string
}

// TrackUpdate changes what a publisher says of its track: nil leaves a thing as it is.
type TrackUpdate struct {
	Width, Height *uint32
	AudioFeatures []int32
}

// Answer is our answer to a client's offer.
type Answer struct {
	SDP string
	// MIDToTrack names the tracks that we send, by section; nil with two connections.
	MIDToTrack map[string]id.Track
}

// SID returns the participant's id.
func (p *Participant) SID() id.Participant { return p.sid }

// Identity returns the participant's identity.
func (p *Participant) Identity() id.Identity { return p.identity }

// Events returns what the session has to hear. They must be taken: a participant whose Mailbox is full is removed.
func (p *Participant) Events() *Mailbox { return p.mailbox }

// act runs f on the room's loop unless p has left.
func (p *Participant) act(ctx context.Context, f func() error) (err error) {
	doErr := p.room.do(ctx, func() {
		if p.left {
			err = ErrLeft
			return
		}
		err = f()
	})
	if doErr != nil {
		return doErr
	}
	return err
}

// Start lets events flow: call it once the join response has been written.
func (p *Participant) Start(ctx context.Context) error {
	return p.act(ctx, func() error { p.start(); return nil })
}

// AddTrack announces a track; its media comes with a later Offer. Errors: ErrNotAllowed, ErrDuplicateTrack,
// ErrTooManyTracks, ErrUnknownTrack.
func (p *Participant) AddTrack(ctx context.Context, req TrackRequest) (state TrackState, err error) {
	err = p.act(ctx, func() (err error) {
		state, err = p.addTrack(req)
		return err
	})
	return state, err
}

// Offer takes the client's session description and returns our answer. Errors: ErrBadSDP.
func (p *Participant) Offer(ctx context.Context, sdp string) (a Answer, err error) {
	err = p.act(ctx, func() (err error) {
		a, err = p.answer(sdp)
		return err
	})
	return a, err
}

// Answer takes the client's answer to Offered. An answer to an older offer is passed over. Errors: ErrBadSDP.
func (p *Participant) Answer(ctx context.Context, offerID uint32, sdp string) error {
	return p.act(ctx, func() error { return p.answered(offerID, sdp) })
}

// AddCandidate takes one of the client's ICE candidates, as the JSON of an RTCIceCandidateInit.
func (p *Participant) AddCandidate(ctx context.Context, target Target, init string, _ bool) error {
	return p.act(ctx, func() error {
		l := p.publisher
		if target == Subscriber {
			l = p.receiver
		}
		if l == nil || init == "" {
			return nil
		}
		if err := l.transport.AddCandidate(init); err != nil {
			return fmt.Errorf("candidate: %w", err)
		}
		return nil
	})
}

// SetMuted tells everybody that a track of p is silent, or no longer.
func (p *Participant) SetMuted(ctx context.Context, track id.Track, muted bool) error {
	return p.act(ctx, func() error {
		pub := p.find(track)
		if pub == nil {
			return ErrUnknownTrack
		}
		if pub.state.Muted != muted {
			pub.state.Muted = muted
			p.room.changed(p)
		}
		return nil
	})
}

// Subscribe says which tracks the client wants or no longer wants. A wish for a track that isn't there is
// remembered until it comes.
func (p *Participant) Subscribe(ctx context.Context, tracks []id.Track, on bool) error {
	return p.act(ctx, func() error { p.subscribeTo(tracks, on); return nil })
}

// SetWish says in which quality the client wants tracks.
func (p *Participant) SetWish(ctx context.Context, tracks []id.Track, w Wish) error {
	return p.act(ctx, func() error { p.wish(tracks, w); return nil })
}

// Update changes the participant's name, metadata or attributes.
func (p *Participant) Update(ctx context.Context, u Update) error {
	return p.act(ctx, func() error {
		if !p.join.Grants.UpdateOwnMetadata {
			return ErrNotAllowed
		}
		p.update(u)
		return nil
	})
}

// UpdateTrack changes what the participant says of a track of its own.
func (p *Participant) UpdateTrack(ctx context.Context, track id.Track, u TrackUpdate) error {
	return p.act(ctx, func() error {
		pub := p.find(track)
		if pub == nil {
			return ErrUnknownTrack
		}
		if u.Width != nil {
			pub.state.Width = *u.Width
		}
		if u.Height != nil {
			pub.state.Height = *u.Height
		}
		if u.AudioFeatures != nil {
			pub.state.AudioFeatures = u.AudioFeatures
		}
		p.room.changed(p)
		return nil
	})
}

// SendData sends a message to the participants named, to all others when none is named, never to p itself.
// Who doesn't take it in time loses it.
func (p *Participant) SendData(ctx context.Context, to []id.Identity, ch Channel, payload []byte) error {
	return p.act(ctx, func() error {
		if !p.join.Grants.PublishData {
			return ErrNotAllowed
		}
		p.room.route(p, to, ch, payload)
		return nil
	})
}

// Leave ends the participant; Left follows.
func (p *Participant) Leave(ctx context.Context, why LeaveReason) error {
	return p.act(ctx, func() error { p.leave(why); return nil })
}
