// Package page finds the article in an HTML page and returns the facts that the page states of it: who wrote it, the lines of its
// pictures, rights, licence, language, canonical address, and its text as the input of package attribute. It reads; it credits no one.
//
// The rules are:
//
//   - The article is found by structure: the element marked as its body (itemprop articleBody), else the one `article` element, else the
//     part of `main` or of the page in which the prose is. Where two parts have as good a claim the page has no article, unless the
//     title that the page gives itself in its head is the heading of one of them.
//   - What is around the article is not part of it: navigation, asides, footers, forms, elements that call themselves related, recent
//     or advertising (words.txt), lists and lines of links, and articles inside the article.
//   - An author marked in an item of another kind (itemtype, itemprop), in a quotation or in the element of a work made that and not the
//     article (furniture.go).
//   - The running text is the lines of one kind: paragraphs that are children of one element, or each alone in elements of one shape.
//     Lines of another kind are not the article's, nor what follows a label such as "Read also". Where another text precedes
//     them, also in paragraphs of the same kind with a byline of the article below it, or they are one entry of several, there is none
//     (own.go). A dateline is the article's in the first paragraph of the running
//     text ([Article.Opening]).
//   - Below the last paragraph a line is the article's right below a sentence of
//     the text, and not below a link or a lead-in to another piece (foot.go).
//   - Between the heading (h1) and the running text a line is the article's if its box has nothing else that can belong to another piece
//     (header.go).
//   - A paragraph or a caption that addresses the reader or says what comes next is a notice of the house (words.txt), and so is a short
//     sentence or a caption without a word of the article (subject.go). No name below it counts. In a paragraph no name behind a sentence
//     does (queue/place.go).
//   - What is above the heading is another piece's, but for a picture with a word of the article. Where an element above the text has a
//     text of its own, so are its lines.
//   - A picture is the article's if it is placed so, or among the paragraphs without words beside it but its caption and credit, and
//     without a link to another piece (figure.go, link.go). Its caption has a word of the article, or the head has the picture. The
//     author's portrait is not.
//   - A name behind the label of another role is none: who drew, edited, translated, presented (queue/role.go). So is one that is
//     marked as the author's (role.go).
//   - A dateline of another year than the article begins a report that the article quotes.
//   - An agency that was told what a report says is cited where a reporter signs the report above its text.
//   - No author is the house or a newsroom that the head gives as a person (house.go), one with another post there or behind the name
//     (job.go), who is elsewhere than the byline, or made a work that the article is about (work.go, queue/byline.go).
//   - The notice of rights in the footer of the page counts where the article has none, no agency supplied it, and the page
//     names no licence (notice.go).
//   - The head (meta, link, application/ld+json of schema.org) counts only on the page of an article: one with an article by the rules
//     above, with one NewsArticle, or with og:type article. Of several NewsArticles it is the one with the page's address or title.
//   - contentLocation is not read: it says where the event was, and a dateline says where the report was filed (NewsArticle.dateline).
//   - A page longer than [MaxSize], one that is not HTML, and the front page of a site have no article.
package page
