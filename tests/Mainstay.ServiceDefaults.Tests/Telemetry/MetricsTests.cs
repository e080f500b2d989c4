using System.Net.Http.Headers;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.ServiceDefaults.Tests.Hosting;
using Mainstay.Skills.V1;
using Mainstay.Testing;

namespace Mainstay.ServiceDefaults.Tests.Telemetry;

public sealed class MetricsTests(ProbeFixture probe) : IClassFixture<ProbeFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_AfterCalls_CountThemByMethodAndCode()
    {
        await CallAsync(probe.Service.As(), "caller");
        await CallAsync(probe.Service.As(), "missing");
        await CallAsync(probe.Service.Channel.CreateCallInvoker(), "caller");

        foreach (var code in (StatusCode[])[StatusCode.OK, StatusCode.NotFound, StatusCode.Unauthenticated])
        {
            await AssertShownAsync($"rpc_server_call_duration_seconds_count{{otel_scope_name=\"Mainstay.Rpc\",rpc_grpc_status_code=\"{(int)code}\",rpc_method=\"GetSkill\",rpc_service=\"mainstay.skills.v1.SkillService\"}}");
        }
    }

    [Theory]
    [InlineData("mainstay_outbox_backlog{")]
    [InlineData("dotnet_gc_collections_total{")]
    [InlineData("service_name=\"skills\"")]
    public async Task Metrics_Read_TellOfOutboxRuntimeAndService(string expected) => await AssertShownAsync(expected);

    [Fact]
    public async Task Metrics_MethodMadeUpByACaller_BecomesNoLabel()
    {
        var method = new Method<Empty, Empty>(MethodType.Unary, "made.up.Service", "Call7", TestMarshallers.Of<Empty>(), TestMarshallers.Of<Empty>());
        await Assert.ThrowsAsync<RpcException>(() => probe.Service.As().AsyncUnaryCall(method, null, new CallOptions(cancellationToken: Cancellation), new Empty()).ResponseAsync);

        await AssertShownAsync("rpc_method=\"_OTHER\"");
        Assert.DoesNotContain("made.up", await ReadAsync(), StringComparison.Ordinal);
    }

    private static async Task CallAsync(CallInvoker invoker, string name)
    {
        try
        {
            await new SkillService.SkillServiceClient(invoker).GetSkillAsync(new GetSkillRequest { SkillName = name }, cancellationToken: Cancellation);
        }
        catch (RpcException)
        {
            // Refusals are measured too.
        }
    }

    // One answer serves all who ask within 300 ms.
    private Task AssertShownAsync(string expected) =>
        Eventually.TrueAsync(async () => (await ReadAsync()).Contains(expected, StringComparison.Ordinal), Cancellation);

    private async Task<string> ReadAsync()
    {
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(probe.Service.HttpAddress, "/metrics"), Cancellation);
        Assert.Equal(MediaTypeHeaderValue.Parse("text/plain; charset=utf-8; version=0.0.4"), response.Content.Headers.ContentType);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }
}
