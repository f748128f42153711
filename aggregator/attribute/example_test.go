package attribute_test

import (
	"fmt"
	"log"

	"dateline/aggregator/attribute"
	"dateline/aggregator/news"
)

// The text says who reported it, where and when it was filed, and whose photo it carries; each credit has its evidence.
func ExampleRegistry_Credit() {
	registry, err := attribute.New(nil, attribute.Rules())
	if err != nil {
		log.Fatal(err)
	}
	res := registry.Credit(attribute.Input{
		Text:   "Photo: Russian MFA/TASS\nMOSCOW, 17 May (BelTA) - The ministers of both countries met in the capital on Wednesday.",
		Source: news.Source{ID: "belta", Agency: "belta", Language: "en"},
	})
	c := res.Credits
	fmt.Println("originator:", c.Agency.Agency+", read in the", c.Agency.Evidence.Field)
	fmt.Println("dateline:", c.Dateline.Place, c.Dateline.Day, c.Dateline.Month)
	for _, link := range c.Photos[0].Chain {
		fmt.Println("photo:", link.Role, link.Agency)
	}
	fmt.Println("lead:", res.Lead)
	// Output:
	// originator: belta, read in the text
	// dateline: MOSCOW 17 5
	// photo: owner mfa-russia
	// photo: supplier tass
	// lead: The ministers of both countries met in the capital on Wednesday.
}
