#include "api/metrics.hpp"

#include <gtest/gtest.h>

namespace essaim::api {
namespace {

TEST(Metrics, AreWrittenAsPrometheusReadsThem) {
  EXPECT_EQ(metrics_text({{"bytes_sent_total", 12}, {"peers_online", 3}}),
            "# TYPE essaim_bytes_sent_total counter\nessaim_bytes_sent_total 12\n"
            "# TYPE essaim_peers_online gauge\nessaim_peers_online 3\n");
  EXPECT_EQ(metrics_text({}), "");
}

}  // namespace
}  // namespace essaim::api
