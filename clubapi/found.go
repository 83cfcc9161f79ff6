package clubapi

import "time"

// FoundNote is a note as found by its words, with the conference it was said in.
type FoundNote struct {
	Note
	ConferenceTitle string
	Start           time.Time
}

// Found is what was found by words, the best matches first.
type Found struct {
	Clubs []Club
	Books []Book
	Posts []Post
	Notes []FoundNote
}
