using System.Diagnostics;
using System.Text;
using Grpc.Core;
using Mainstay.ServiceDefaults.Tests.Clients;
using Mainstay.ServiceDefaults.Tests.Hosting;
using Mainstay.Skills.V1;
using Mainstay.Testing;

namespace Mainstay.ServiceDefaults.Tests.Telemetry;

public sealed class TracingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Trace_FromTheCaller_GoesOnToTheNextService()
    {
        var dependency = new Listening();
        await using var server = await PlainServer.StartAsync(dependency, Cancellation);
        await using var service = await DependentService.StartAsync(server.Address, Cancellation);
        var (traceId, traceParent) = NewTrace();

        await new SkillService.SkillServiceClient(service.As()).GetSkillAsync(new GetSkillRequest(), new Metadata { { "traceparent", traceParent } }, cancellationToken: Cancellation);

        Assert.StartsWith($"00-{traceId}-", dependency.TraceParent, StringComparison.Ordinal);
        Assert.NotEqual(traceParent, dependency.TraceParent);
    }

    [Fact]
    public async Task Trace_OfACallThatWritesAnEvent_GoesOnInTheMessage()
    {
        await using var bus = await BusListener.StartAsync("mainstay.audit", "probe.#", Cancellation);
        await using var service = await RunningService.StartAsync(ProbeService.Build, "skills", Cancellation);
        var (traceId, traceParent) = NewTrace();

        await new SkillService.SkillServiceClient(service.As()).RegisterSkillAsync(
            new RegisterSkillRequest { RequestId = traceId, Skill = new Skill() }, new Metadata { { "traceparent", traceParent } }, cancellationToken: Cancellation);

        BusMessage message;
        do
        {
            message = await bus.NextAsync(Cancellation);
        }
        while (!Encoding.UTF8.GetString(message.Body.Span).Contains(traceId, StringComparison.Ordinal));
        Assert.StartsWith($"00-{traceId}-", Encoding.UTF8.GetString((byte[])message.Headers["traceparent"]!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Telemetry_CollectorConfigured_ReceivesSpansAndMetricsWithoutSecrets()
    {
        await using var collector = await Collector.StartAsync(Cancellation);
        var (traceId, traceParent) = NewTrace();
        var service = await RunningService.StartAsync(
            ProbeService.Build, "skills", Cancellation, $"telemetry: {{otlp_endpoint: '{collector.Address}', otlp_headers: 'authorization=key', metric_interval: 1h}}");
        var client = new SkillService.SkillServiceClient(service.As());
        await client.GetSkillAsync(new GetSkillRequest { SkillName = "caller" }, new Metadata { { "traceparent", traceParent } }, cancellationToken: Cancellation);
        await Assert.ThrowsAsync<RpcException>(() => client.GetSkillAsync(new GetSkillRequest { SkillName = "crash" }, cancellationToken: Cancellation).ResponseAsync);

        // What has not gone out goes when the service stops.
        await service.DisposeAsync();

        Assert.True(collector.Has("/v1/traces", "mainstay.skills.v1.SkillService/GetSkill", Convert.FromHexString(traceId)));
        Assert.True(collector.Has("/v1/metrics", "rpc.server.call.duration", []));
        Assert.False(collector.HasAnywhere("hunter2"));
        Assert.False(collector.HasAnywhere("Bearer"));
    }

    private static (string TraceId, string TraceParent) NewTrace()
    {
        var traceId = ActivityTraceId.CreateRandom().ToHexString();
        return (traceId, $"00-{traceId}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
    }

    private sealed class Listening : SkillService.SkillServiceBase
    {
        public string TraceParent { get; private set; } = "";

        public override Task<GetSkillResponse> GetSkill(GetSkillRequest request, ServerCallContext context)
        {
            TraceParent = context.RequestHeaders.GetValue("traceparent") ?? "";
            return Task.FromResult(new GetSkillResponse());
        }
    }
}
