package clubapi

import "time"

const (
	maxRating = 5
	maxReview = 4000
)

// Reading is one entry of a reading log: somebody has read a book.
type Reading struct {
	ID        int64
	Reader    Person
	Book      BookName
	Pages     int // of the book; 0: unknown
	ReadOn    Day
	Rating    int // 0: none
	Review    string
	CreatedAt time.Time
	Version   int64
}

// ReadingChange says which fields of a reading to set; nil leaves a field as it is.
type ReadingChange struct {
	ReadOn *Day
	Rating *int
	Review *string
}

// NewReading returns a reading without id, or an InvalidError. The store checks that the
// book exists and was not read on the same day.
func (r Rules) NewReading(book int64, change ReadingChange, reader Person, now time.Time) (Reading, error) {
	blank := Reading{Reader: reader, Book: BookName{ID: book}, CreatedAt: moment(now), Version: 1}
	var c check
	if book == 0 {
		c.add("book_id", CodeRequired, 0)
	}
	if change.ReadOn == nil {
		c.add("read_on", CodeRequired, 0)
	}
	if change.Rating != nil && *change.Rating == 0 {
		c.add("rating", CodeTooSmall, 1)
	}
	if err := c.err(); err != nil {
		return blank, err
	}
	return r.ChangeReading(blank, change, now)
}

// ChangeReading returns the reading with the change applied, or an InvalidError.
func (Rules) ChangeReading(reading Reading, change ReadingChange, now time.Time) (Reading, error) {
	set(&reading.ReadOn, change.ReadOn)
	set(&reading.Rating, change.Rating)
	set(&reading.Review, change.Review)

	var c check
	if change.ReadOn != nil {
		c.day("read_on", reading.ReadOn)
		// The day has begun somewhere on earth, at most 14 hours ahead of UTC.
		if reading.ReadOn > DayOf(now.UTC().Add(24*time.Hour)) {
			c.add("read_on", CodeFuture, 0)
		}
	}
	c.between("rating", reading.Rating, 0, maxRating)
	reading.Review = c.prose("review", reading.Review, maxReview, true)
	return reading, c.err()
}

// Height of a stack of books, in hundredths of a millimetre: 0.06 mm a page and 4 mm of
// cover; 20 mm for a book of unknown pages.
const (
	pageHeight    = 6
	coverHeight   = 400
	unknownHeight = 2000
)

// Stack is how high the books somebody has read stand on each other.
type Stack struct {
	Books  int
	Height int // hundredths of a millimetre
}

// Pile is some readings of a month with what their height comes from.
type Pile struct {
	Month   int // 1 to 12, of the year asked for; 0: another year
	Books   int
	Pages   int // of the books whose pages are known
	Unknown int // books of unknown pages
}

// Stacks adds piles up, in all and by month.
func Stacks(piles []Pile) (all Stack, months [12]Stack) {
	for _, p := range piles {
		s := Stack{Books: p.Books, Height: p.Pages*pageHeight + (p.Books-p.Unknown)*coverHeight + p.Unknown*unknownHeight}
		all.add(s)
		if p.Month >= 1 && p.Month <= len(months) {
			months[p.Month-1].add(s)
		}
	}
	return all, months
}

func (s *Stack) add(more Stack) {
	s.Books += more.Books
	s.Height += more.Height
}

// Thickness is how much higher the stack gets by the book of r.
func (r Reading) Thickness() Stack {
	if r.Pages == 0 {
		return Stack{Books: 1, Height: unknownHeight}
	}
	return Stack{Books: 1, Height: r.Pages*pageHeight + coverHeight}
}

// Millimetres is the height, rounded.
func (s Stack) Millimetres() int { return (s.Height + 50) / 100 }
