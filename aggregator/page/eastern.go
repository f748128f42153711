package page

import (
	"regexp"
	"strings"
	"sync"

	"dateline/aggregator/news"
)

// Captions of Chinese and Japanese end with who took the picture, without a label before the name: "（記者王小明攝）", "＝長谷部航撮影".

// takenBy matches such an end; the first group that is not empty is the name.
var takenBy = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:记者|記者|[。，\s（(])\s*(\p{Han}{2,4})\s*[摄攝][）)。]?$|` +
		`[＝=（(]([\p{Han}\p{Hiragana}\p{Katakana}]{2,8})撮影[）)]?$|` +
		`撮影[・：:＝=]\s*([\p{Han}\p{Hiragana}\p{Katakana}]{2,8})[）)]?$`)
})

// photographerOf returns who took a picture by the end of its caption: one who is named rather than a day, a reader or the house.
func photographerOf(caption string) []news.MediaCredit {
	if !strings.ContainsAny(caption, "摄攝撮") {
		return nil
	}
	m := takenBy().FindStringSubmatch(caption)
	if m == nil {
		return nil
	}
	name := m[1] + m[2] + m[3]
	if strings.ContainsAny(name, "年月日時时頃者紙报報社員员友方图圖真料供昨今写") {
		return nil
	}
	return []news.MediaCredit{{Role: "photographer", Name: name}}
}
