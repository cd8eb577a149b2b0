#ifndef CHEADROOM_H
#define CHEADROOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "scan.h"
#include "traits.h"
#include "sha256.h"
#include "vocabulary.h"
#include "vocabulary_scan.h"
#include "vocabulary_pieces.h"

#endif
