package clubapi

import "time"

const (
	maxPostTitle = 150
	maxContent   = 10000
)

// Post is what somebody has put on the board.
type Post struct {
	ID        int64
	Author    Person
	Title     string
	Content   string
	CreatedAt time.Time
	UpdatedAt time.Time
	Version   int64
}

// PostChange says which fields of a post to set; nil leaves a field as it is.
type PostChange struct {
	Title   *string
	Content *string
}

// Editable says whether viewer may change the post.
func (p Post) Editable(viewer User) bool { return viewer.ID != 0 && p.Author.ID == viewer.ID }

// NewPost returns a post without id, or an InvalidError.
func (r Rules) NewPost(change PostChange, author User, now time.Time) (Post, error) {
	post := Post{
		Author:    Person{ID: author.ID, Nickname: author.Nickname, UserImg: author.UserImg},
		CreatedAt: moment(now), Version: 1,
	}
	var c check
	if change.Title == nil {
		c.add("title", CodeRequired, 0)
	}
	if change.Content == nil {
		c.add("content", CodeRequired, 0)
	}
	if err := c.err(); err != nil {
		return post, err
	}
	return r.ChangePost(post, change, author, now)
}

// ChangePost returns the post with the change applied by viewer. Refusals: ErrForbidden,
// an InvalidError.
func (Rules) ChangePost(post Post, change PostChange, viewer User, now time.Time) (Post, error) {
	if !post.Editable(viewer) {
		return post, ErrForbidden
	}
	set(&post.Title, change.Title)
	set(&post.Content, change.Content)
	post.UpdatedAt = moment(now)

	var c check
	post.Title = c.line("title", post.Title, maxPostTitle, false)
	post.Content = c.prose("content", post.Content, maxContent, false)
	return post, c.err()
}

// DropPost says whether viewer may delete the post: its author and administrators may;
// else ErrForbidden.
func (Rules) DropPost(post Post, viewer User) error {
	if post.Editable(viewer) || viewer.Admin {
		return nil
	}
	return ErrForbidden
}
