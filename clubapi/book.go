package clubapi

import (
	"fmt"
	"time"
)

// Category says what kind of book something is, or a club reads.
type Category string

// Categories.
const (
	CategoryNovel      Category = "novel"
	CategoryPoetry     Category = "poetry"
	CategoryEssay      Category = "essay"
	CategoryHumanities Category = "humanities"
	CategoryHistory    Category = "history"
	CategoryScience    Category = "science"
	CategoryBusiness   Category = "business"
	CategorySelfHelp   Category = "self_help"
	CategoryArt        Category = "art"
	CategoryChildren   Category = "children"
	CategoryComics     Category = "comics"
	CategoryOther      Category = "other"
)

// Bounds of a book, in code points and pages.
const (
	maxBookTitle = 200
	maxAuthor    = 200
	maxBookImg   = 255
	maxPages     = 20000
)

// BookName is a book as shown beside what it is read for.
type BookName struct {
	ID      int64
	Title   string
	Author  string
	BookImg string
}

// Book is a book that somebody has added.
type Book struct {
	ID      int64
	AddedBy int64

	Title     string
	Author    string
	BookImg   string
	PubDate   Day
	Category  Category
	Pages     int // 0: unknown
	CreatedAt time.Time

	// What the store adds when the book is read.
	RatingSum   int // of each reader's latest rating
	RatingCount int // readers who rated
	ReviewCount int
	Version     int64
}

// Rating is the mean of the readers' latest ratings, to one decimal; 0 without any.
func (b Book) Rating() float64 {
	if b.RatingCount == 0 {
		return 0
	}
	tenths := (b.RatingSum*20 + b.RatingCount) / (2 * b.RatingCount)
	return float64(tenths) / 10
}

// Editable says whether viewer may change the book.
func (b Book) Editable(viewer User) bool {
	return viewer.ID != 0 && (b.AddedBy == viewer.ID || viewer.Admin)
}

// BookChange says which fields of a book to set; nil leaves a field as it is.
type BookChange struct {
	Title    *string
	Author   *string
	BookImg  *string
	PubDate  *Day
	Category *Category
	Pages    *int
}

// BookExistsError refuses a book with the title, author and date of the book ID.
type BookExistsError struct{ ID int64 }

// Error implements error.
func (e *BookExistsError) Error() string { return fmt.Sprintf("the same as book %d", e.ID) }

// NewBook returns a book without id, or an InvalidError.
func (r Rules) NewBook(change BookChange, by User, now time.Time) (Book, error) {
	blank := Book{AddedBy: by.ID, Category: CategoryOther, CreatedAt: moment(now), Version: 1}
	if change.Title == nil {
		return blank, Invalid("title", CodeRequired)
	}
	return r.ChangeBook(blank, change, by)
}

// ChangeBook returns the book with the change applied by viewer. Refusals: ErrForbidden,
// an InvalidError.
func (r Rules) ChangeBook(book Book, change BookChange, viewer User) (Book, error) {
	if !book.Editable(viewer) {
		return book, ErrForbidden
	}
	set(&book.Title, change.Title)
	set(&book.Author, change.Author)
	set(&book.BookImg, change.BookImg)
	set(&book.PubDate, change.PubDate)
	set(&book.Category, change.Category)
	set(&book.Pages, change.Pages)

	var c check
	book.Title = c.line("title", book.Title, maxBookTitle, false)
	book.Author = c.line("author", book.Author, maxAuthor, true)
	book.BookImg = c.linkWithin("book_img", book.BookImg, maxBookImg)
	if change.PubDate != nil {
		c.day("pub_date", book.PubDate)
	}
	if change.Pages != nil {
		c.between("pages", book.Pages, 1, maxPages)
	}
	return book, c.err()
}
