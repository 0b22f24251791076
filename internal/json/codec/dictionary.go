package codec

import "reflect"

// readable reports whether the keys of a map can be read.
func readable(t reflect.Type) bool {
	return keyKind(t.Kind()) || reflect.PointerTo(t).Implements(textUnmarshalerType)
}

func (d *decoder) dictionary(v reflect.Value) error {
	t := v.Type()
	if v.IsNil() {
		v.Set(reflect.MakeMap(t))
	}
	in, depth := d.in, len(d.path)
	elem := reflect.New(t.Elem()).Elem()
	for more := d.opens(); more; more = d.more() {
		start := d.pos
		raw, name := d.key()
		elem.SetZero()
		if err := d.value(elem); err != nil {
			return err
		}
		key, err := d.mapKey(t.Key(), raw, string(name), start+1)
		if err != nil {
			return err
		}
		if key.IsValid() {
			v.SetMapIndex(key, elem)
		}
		d.in, d.path = in, d.path[:depth]
	}
	return nil
}

// mapKey makes a key of a name. It is not valid if that cannot be.
func (d *decoder) mapKey(t reflect.Type, raw []byte, name string, offset int) (reflect.Value, error) {
	p := reflect.New(t)
	key := p.Elem()
	if p.Type().Implements(textUnmarshalerType) {
		return key, d.literal(raw, p, true)
	}
	if t.Kind() == reflect.String {
		key.SetString(name)
	} else if !setNumber(key, name) {
		d.mistyped("number "+name, t, offset)
		return reflect.Value{}, nil
	}
	return key, nil
}
