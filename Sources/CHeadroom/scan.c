// scan.h is all inline; a C target needs one translation unit.
#include "CHeadroom.h"
