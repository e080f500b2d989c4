using System.Globalization;
using System.Text.RegularExpressions;
using Mainstay.Audit.Tests.Sinks.Stubs;
using Mainstay.Audit.V1;
using Mainstay.Testing;
using Microsoft.AspNetCore.Http;

namespace Mainstay.Audit.Tests.Sinks.Delivering;

[Collection(nameof(Alone))]
public sealed partial class SinkMetricsTests : ForwardingFixture
{
    [Fact]
    public async Task Metrics_SinkThatDeliversRetriesRefusesAndWaits_TellsAllOfIt()
    {
        await PublishAsync(NewEvent("mine"));
        await ShowsAsync("mainstay_audit_sink_delivered_total", 1);
        await ShowsAsync("mainstay_audit_sink_delivery_duration_seconds_count", 1, "outcome=\"delivered\"");

        await ShowsAsync("mainstay_audit_sink_delivery_duration_seconds_bucket", 1, "le=\"60\"");

        Receiver.Fault = Faults.All["503"];
        await PublishAsync(NewEvent("mine"));
        await ShowsAsync("mainstay_audit_sink_delivery_duration_seconds_count", 2, "outcome=\"retry\"");

        // What may be the event's fault is given up at the end of the schedule.
        Receiver.Fault = context =>
        {
            context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return Task.CompletedTask;
        };
        await ShowsAsync("mainstay_audit_sink_refused_total", 1);

        var sinks = new SinkService.SinkServiceClient(Service.As("root", ("role", "admin")));
        await sinks.PauseSinkAsync(new PauseSinkRequest { Name = "siem" }, cancellationToken: Cancellation);
        await PublishAsync(NewEvent("mine"));
        await ShowsAsync("mainstay_audit_sink_lag", 1);
        await ShowsAsync("mainstay_audit_sink_lag_duration_seconds", 1);

        Receiver.Fault = null;
        await sinks.ResumeSinkAsync(new ResumeSinkRequest { Name = "siem" }, cancellationToken: Cancellation);
        await ShowsAsync("mainstay_audit_sink_delivered_total", 2);
    }

    // Waits until a series of the sink has at least a value.
    private async Task ShowsAsync(string name, double least, string label = "")
    {
        using var http = new HttpClient();
        await Eventually.TrueAsync(
            async () =>
            {
                var text = await http.GetStringAsync(new Uri(Service.HttpAddress, "/metrics"), Cancellation);
                return Series().Matches(text).Any(series => series.Groups["name"].Value == name
                    && series.Groups["labels"].Value.Contains("sink=\"siem\"", StringComparison.Ordinal)
                    && series.Groups["labels"].Value.Contains(label, StringComparison.Ordinal)
                    && double.Parse(series.Groups["value"].Value, CultureInfo.InvariantCulture) >= least);
            },
            Cancellation);
    }

    [GeneratedRegex(@"^(?<name>\w+)\{(?<labels>[^}]*)\} (?<value>[0-9.eE+-]+)", RegexOptions.Multiline)]
    private static partial Regex Series();
}
