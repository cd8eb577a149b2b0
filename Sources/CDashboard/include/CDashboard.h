// The files of the dashboard's page, compiled in.
#pragma once

#include <stddef.h>

typedef struct {
  const unsigned char *bytes;
  size_t count;
} headroom_dashboard_file;

extern const headroom_dashboard_file headroom_dashboard_html;
extern const headroom_dashboard_file headroom_dashboard_style;
extern const headroom_dashboard_file headroom_dashboard_elements;
extern const headroom_dashboard_file headroom_dashboard_format;
extern const headroom_dashboard_file headroom_dashboard_charts;
extern const headroom_dashboard_file headroom_dashboard_totals;
extern const headroom_dashboard_file headroom_dashboard_requests;
extern const headroom_dashboard_file headroom_dashboard_detail;
extern const headroom_dashboard_file headroom_dashboard_live;
