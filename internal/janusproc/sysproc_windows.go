package janusproc

import (
	"errors"
	"os"
)

// terminateSignal is refused by this system, and so leads to a kill.
var terminateSignal = os.Interrupt

// suspend is not possible here.
func suspend(*os.Process) error { return errors.ErrUnsupported }

// resume is not possible here.
func resume(*os.Process) error { return errors.ErrUnsupported }
