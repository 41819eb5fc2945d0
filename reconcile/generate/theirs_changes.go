package generate

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// change alters a decoded record and says where, and what that bears on.
type change func(record map[string]any) (pointers []string, bearsOn string)

// What changes bear on.
const (
	bearsOnPrice    = "price"
	bearsOnQuantity = "quantity"
)

// changes are the changes of CDRs.
var changes = map[string]change{
	"total-energy":  func(c map[string]any) ([]string, string) { return addTo(c, "total_energy"), bearsOnQuantity },
	"total-time":    func(c map[string]any) ([]string, string) { return addTo(c, "total_time"), bearsOnQuantity },
	"period-volume": changeVolume,
	"energy-and-period": func(c map[string]any) ([]string, string) {
		pointers, bears := changeVolume(c)
		return append(pointers, addTo(c, "total_energy")...), bears
	},
	"period-more": addPeriod,
	"end": func(c map[string]any) ([]string, string) {
		return later(c, "end_date_time", "stop_date_time"), bearsOnQuantity
	},
	"start":        func(c map[string]any) ([]string, string) { return later(c, "start_date_time"), bearsOnQuantity },
	"total-cost":   changeCost,
	"tariff-price": changeTariff,
	"currency":     func(c map[string]any) ([]string, string) { return setText(c, "currency", "SEK"), bearsOnPrice },
	"auth-method":  func(c map[string]any) ([]string, string) { return remove(c, "auth_method"), "" },
	"remark":       func(c map[string]any) ([]string, string) { return setText(c, "remark", "copied by hand"), "" },
	"last-updated": func(c map[string]any) ([]string, string) { return later(c, "last_updated"), "" },
	"address":      changeAddress,
}

func addTo(c map[string]any, name string) []string {
	c[name] = plusOne(c[name])
	return []string{"/" + name}
}

// plusOne is a number, given as it is written, and one more.
func plusOne(v any) json.Number {
	whole, fraction, _ := strings.Cut(v.(json.Number).String(), ".")
	n, _ := strconv.ParseInt(whole, 10, 64) // volumes and amounts here have few digits
	text := strconv.FormatInt(n+1, 10)
	if fraction != "" {
		text += "." + fraction
	}
	return json.Number(text)
}

func setText(c map[string]any, name, text string) []string {
	c[name] = text
	return []string{"/" + name}
}

func remove(c map[string]any, name string) []string {
	delete(c, name)
	return []string{"/" + name}
}

// later moves the first of the members that is there by a minute.
func later(c map[string]any, names ...string) []string {
	for _, name := range names {
		text, ok := c[name].(string)
		if at, err := time.Parse(time.RFC3339, text); ok && err == nil {
			return setText(c, name, at.Add(time.Minute).Format(time.RFC3339))
		}
	}
	return nil
}

func changeVolume(c map[string]any) ([]string, string) {
	dimension := firstOf(firstOf(c, "charging_periods"), "dimensions")
	dimension["volume"] = plusOne(dimension["volume"])
	return []string{"/charging_periods/0/dimensions/0/volume"}, bearsOnQuantity
}

// firstOf is the first object of a list.
func firstOf(c map[string]any, name string) map[string]any {
	return c[name].([]any)[0].(map[string]any)
}

// addPeriod repeats the last period.
func addPeriod(c map[string]any) ([]string, string) {
	list := c["charging_periods"].([]any)
	c["charging_periods"] = append(list, list[len(list)-1])
	return []string{"/charging_periods/" + strconv.Itoa(len(list))}, bearsOnQuantity
}

func changeCost(c map[string]any) ([]string, string) {
	price, ok := c["total_cost"].(map[string]any)
	if !ok {
		return setAmount(c, "total_cost", "/total_cost"), bearsOnPrice
	}
	for _, name := range []string{"excl_vat", "before_taxes"} {
		if _, ok := price[name]; ok {
			return setAmount(price, name, "/total_cost/"+name), bearsOnPrice
		}
	}
	return nil, ""
}

// setAmount sets an amount that no CDR here has.
func setAmount(c map[string]any, name, pointer string) []string {
	c[name] = json.Number("1234.56")
	return []string{pointer}
}

// changeTariff changes a price of the embedded tariff, or the currency where there is none.
func changeTariff(c map[string]any) ([]string, string) {
	if _, ok := c["tariffs"]; !ok {
		return setText(c, "currency", "SEK"), bearsOnPrice
	}
	component := firstOf(firstOf(firstOf(c, "tariffs"), "elements"), "price_components")
	component["price"] = plusOne(component["price"])
	return []string{"/tariffs/0/elements/0/price_components/0/price"}, bearsOnPrice
}

func changeAddress(c map[string]any) ([]string, string) {
	name := "cdr_location"
	if _, ok := c[name]; !ok {
		name = "location"
	}
	c[name].(map[string]any)["address"] = "Elsewhere 1"
	return []string{"/" + name + "/address"}, ""
}
