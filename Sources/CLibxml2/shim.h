#pragma once
#include <libxml/xmlversion.h>
// Debian's libxml2 brings ICU's headers along, which clash with the ICU inside Foundation. Only the private part of the encoding
// handlers depends on it, and documents reach libxml2 decoded.
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
#include <libxml/HTMLtree.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>
