using OpenTelemetry.Exporter.Prometheus;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Tests.Prometheus;

/// <summary>Names as OpenTelemetry's specification of Prometheus compatibility gives them.</summary>
public sealed class PrometheusNameTests
{
    [Theory]
    [InlineData("rpc.server.call.duration", "s", MetricType.Histogram, "rpc_server_call_duration_seconds")]
    [InlineData("db.client.connections.usage", "{connection}", MetricType.LongSumNonMonotonic, "db_client_connections_usage")]
    [InlineData("sales", "", MetricType.LongSum, "sales_total")]
    [InlineData("sales_total", "", MetricType.LongSum, "sales_total")]
    [InlineData("memory", "By", MetricType.LongGauge, "memory_bytes")]
    [InlineData("memory.bytes", "By", MetricType.LongGauge, "memory_bytes")]
    [InlineData("cpu.utilization", "1", MetricType.DoubleGauge, "cpu_utilization_ratio")]
    [InlineData("speed", "By/s", MetricType.DoubleGauge, "speed_bytes_per_second")]
    [InlineData("requests", "{request}/s", MetricType.DoubleGauge, "requests_per_second")]
    [InlineData("2nd--try", "", MetricType.LongGauge, "_2nd_try")]
    [InlineData("größe", "", MetricType.LongGauge, "gr_e")]
    public void Of_NameUnitAndType_IsPrometheusName(string name, string unit, MetricType type, string expected) =>
        Assert.Equal(expected, PrometheusName.Of(name, unit, type, withoutTotal: false));
}
