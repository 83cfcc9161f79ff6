package clubapi

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

// BookName is a book as shown beside what it is read for.
type BookName struct {
	ID      int64
	Title   string
	Author  string
	BookImg string
}
