package janustest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// split cuts data into the JSON values it holds. Janus takes several in one
// WebSocket message, and none if one of them is bad; before 1.1.4 the white
// space a line ends in counts as a bad one. Other transports have single
// values, with any white space.
func split(data []byte, version int, single bool) ([]json.RawMessage, error) {
	if !single && version < 1104 && len(bytes.TrimRight(data, " \t\r\n")) != len(data) {
		return nil, errors.New("'[' or '{' expected near end of file")
	}
	if !utf8.Valid(data) {
		return nil, errors.New("unable to decode byte")
	}
	var list []json.RawMessage
	for d := json.NewDecoder(bytes.NewReader(data)); ; {
		var raw json.RawMessage
		switch err := d.Decode(&raw); {
		case err == io.EOF && len(list) > 0:
			return list, nil
		case err != nil:
			return nil, err
		case raw[0] != '{' && raw[0] != '[':
			return nil, errors.New("'[' or '{' expected near '" + string(raw[:1]) + "'")
		}
		if err := strict(raw); err != nil {
			return nil, err
		}
		if list = append(list, raw); single && len(list) > 1 {
			return nil, errors.New("end of file expected near '" + string(raw[:1]) + "'")
		}
	}
}

// strict finds what Go's parser lets through and Janus' does not: numbers out
// of range, \u0000 and halves of surrogate pairs.
func strict(raw []byte) error {
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '"':
			end, err := strictString(raw, i+1)
			if err != nil {
				return err
			}
			i = end
		case c == '-' || c >= '0' && c <= '9':
			n := len(raw[i:]) - len(bytes.TrimLeft(raw[i:], "+-.0123456789eE"))
			if err := strictNumber(string(raw[i : i+n])); err != nil {
				return err
			}
			i += n - 1
		}
	}
	return nil
}

func strictNumber(s string) error {
	var err error
	if strings.ContainsAny(s, ".eE") {
		_, err = strconv.ParseFloat(s, 64)
	} else {
		_, err = strconv.ParseInt(s, 10, 64)
	}
	if err != nil {
		return errors.New("too big integer near '" + s + "'")
	}
	return nil
}

// strictString checks the string whose content begins at i and returns the
// place of its closing quote.
func strictString(raw []byte, i int) (int, error) {
	for ; raw[i] != '"'; i++ {
		if raw[i] != '\\' {
			continue
		}
		i++
		if raw[i] != 'u' {
			continue
		}
		c := hex4(raw[i+1:])
		i += 4
		switch {
		case c == 0:
			return 0, errors.New(`\u0000 is not allowed`)
		case c >= 0xD800 && c < 0xDC00 && raw[i+1] == '\\' && raw[i+2] == 'u' && hex4(raw[i+3:])&^0x3FF == 0xDC00:
			i += 6
		case c >= 0xD800 && c < 0xE000:
			return 0, errors.New("invalid Unicode")
		}
	}
	return i, nil
}

// hex4 reads the four hexadecimal digits that a parser has seen before.
func hex4(b []byte) uint64 {
	n, _ := strconv.ParseUint(string(b[:4]), 16, 32)
	return n
}
