// Package page finds the article in an HTML page and returns the facts that the page states of it: who wrote it, the lines of its
// pictures, rights, licence, language, canonical address, and its text as the input of package attribute. It reads; it credits no one.
//
// The rules are:
//
//   - The article is found by structure: the element marked as its body (itemprop articleBody), else the one `article` element, else the
//     part of `main` or of the page in which the prose stands. Where two parts have as good a claim the page has no article, unless the
//     title that the page gives itself in its head is the heading of one of them.
//   - What stands round the article is not part of it: navigation, asides, footers, forms, elements that call themselves related, recent
//     or advertising, lists and lines of links, and articles inside the article. A heading (h1) and what stands between it and the text
//     belong to the article.
//   - The head (meta, link, application/ld+json of schema.org) counts only on the page of an article: one with an article by the rules
//     above, with one NewsArticle, or with og:type article. Of several NewsArticles it is the one with the page's address or title.
//   - contentLocation is not read: it says where the event was, and a dateline says where the report was filed (NewsArticle.dateline).
//   - A page longer than [MaxSize], one that is not HTML, and the front page of a site have no article.
package page
