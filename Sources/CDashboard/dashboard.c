#include "CDashboard.h"

#define FILE_OF(name) const headroom_dashboard_file headroom_dashboard_##name = {name, sizeof name}

static const unsigned char html[] = {
#embed "page/page.html"
};
FILE_OF(html);

static const unsigned char style[] = {
#embed "page/style.css"
};
FILE_OF(style);

static const unsigned char elements[] = {
#embed "page/elements.js"
};
FILE_OF(elements);

static const unsigned char format[] = {
#embed "page/format.js"
};
FILE_OF(format);

static const unsigned char charts[] = {
#embed "page/charts.js"
};
FILE_OF(charts);

static const unsigned char totals[] = {
#embed "page/totals.js"
};
FILE_OF(totals);

static const unsigned char requests[] = {
#embed "page/requests.js"
};
FILE_OF(requests);

static const unsigned char detail[] = {
#embed "page/detail.js"
};
FILE_OF(detail);

static const unsigned char live[] = {
#embed "page/live.js"
};
FILE_OF(live);
