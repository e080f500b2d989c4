using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Mainstay.TemporalServer.Executions;
using Temporalio.Api.WorkflowService.V1;
using TemporalServer.Tests.Durability;

namespace TemporalServer.Tests.Hostile;

/// <summary>Tokens that were given out for something else: no call takes them.</summary>
public sealed class TokenTests(SharedServer server) : IClassFixture<SharedServer>
{
    private const string Elsewhere = "elsewhere";
    private static readonly Marshaller<byte[]> Raw = Marshallers.Create(bytes => bytes, bytes => bytes);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Every call that a worker makes with the token of a task.</summary>
    public static TheoryData<string> Calls => [.. WorkflowService.Descriptor.Methods
        .Where(method => method.InputType.FindFieldByName("task_token") is not null && !method.Name.Contains("Nexus", StringComparison.Ordinal)).Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task TaskToken_OfAnotherNamespace_IsRefused(string call)
    {
        await RegisterAsync();
        using var client = new RawClient(server.Address);
        await client.StartAsync($"mine-{call}", $"mine-{call}", Token, taskSeconds: 60);
        var task = await client.TaskAsync($"mine-{call}", Token);
        var before = await client.HistoryAsync($"mine-{call}", Token);

        var refusal = await RefusalAsync(call, Elsewhere, task.TaskToken);
        Assert.Equal((StatusCode.InvalidArgument, "Operation requested with a token from a different namespace."), (refusal.StatusCode, refusal.Status.Detail));
        Assert.Equal(before, await client.HistoryAsync($"mine-{call}", Token));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task TaskToken_BentToAnotherWorkflow_IsRefused(string call)
    {
        using var client = new RawClient(server.Address);
        var (victim, hostile) = ($"victim-{call}", $"hostile-{call}");
        await client.StartAsync(victim, victim, Token, taskSeconds: 60);
        var whole = TaskToken.Parser.ParseFrom((await client.TaskAsync(victim, Token)).TaskToken);
        await client.StartAsync(hostile, hostile, Token, taskSeconds: 60);
        var bent = TaskToken.Parser.ParseFrom((await client.TaskAsync(hostile, Token)).TaskToken);
        (bent.WorkflowId, bent.RunId, bent.ActivityId) = (whole.WorkflowId, whole.RunId, "1");
        var before = await client.HistoryAsync(victim, Token);

        Assert.Equal(StatusCode.NotFound, (await RefusalAsync(call, RawClient.Namespace, bent.ToByteString())).StatusCode);
        Assert.Equal(before, await client.HistoryAsync(victim, Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PageToken_OfAnotherWorkflow_ShowsNothingOfIt(bool reverse)
    {
        await RegisterAsync();
        using var client = new RawClient(server.Address);
        await client.StartAsync($"secret-{reverse}", "nobody", Token);
        var token = reverse ? (await ReverseAsync(client, RawClient.Namespace, $"secret-{reverse}", ByteString.Empty)).NextPageToken
            : (await ForwardAsync(client, RawClient.Namespace, $"secret-{reverse}", ByteString.Empty)).NextPageToken;
        Assert.False(token.IsEmpty);
        await client.StartAsync($"curious-{reverse}", "nobody", Token);
        await client.Service.StartWorkflowExecutionAsync(
            new() { Namespace = Elsewhere, WorkflowId = $"secret-{reverse}", WorkflowType = new() { Name = "raw" }, TaskQueue = new() { Name = "nobody" }, RequestId = "r" }, cancellationToken: Token);

        foreach (var (name, workflowId) in new[] { (RawClient.Namespace, $"curious-{reverse}"), (Elsewhere, $"secret-{reverse}") })
        {
            var refusal = await Assert.ThrowsAsync<RpcException>(async () => _ = reverse ? (IMessage)await ReverseAsync(client, name, workflowId, token) : await ForwardAsync(client, name, workflowId, token));
            Assert.Equal((StatusCode.InvalidArgument, "Invalid NextPageToken."), (refusal.StatusCode, refusal.Status.Detail));
        }
    }

    private static async Task<GetWorkflowExecutionHistoryResponse> ForwardAsync(RawClient client, string name, string workflowId, ByteString token) => await client.Service.GetWorkflowExecutionHistoryAsync(
        new() { Namespace = name, Execution = new() { WorkflowId = workflowId }, MaximumPageSize = 1, WaitNewEvent = token.IsEmpty, NextPageToken = token }, cancellationToken: Token);

    private static async Task<GetWorkflowExecutionHistoryReverseResponse> ReverseAsync(RawClient client, string name, string workflowId, ByteString token)
    {
        if (token.IsEmpty)
        {
            await client.SignalAsync(workflowId, "one more event", Token);
        }

        return await client.Service.GetWorkflowExecutionHistoryReverseAsync(
            new() { Namespace = name, Execution = new() { WorkflowId = workflowId }, MaximumPageSize = 1, NextPageToken = token }, cancellationToken: Token);
    }

    private async Task RegisterAsync()
    {
        using var client = new RawClient(server.Address);
        try
        {
            await client.Service.RegisterNamespaceAsync(new() { Namespace = Elsewhere, WorkflowExecutionRetentionPeriod = new() { Seconds = 86400 } }, cancellationToken: Token);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.AlreadyExists)
        {
            // Another of these tests has registered it.
        }
    }

    private async Task<RpcException> RefusalAsync(string call, string name, ByteString token)
    {
        var method = WorkflowService.Descriptor.FindMethodByName(call);
        var request = method.InputType.Parser.ParseFrom(ByteString.Empty);
        Set(request, "namespace", name);
        Set(request, "task_token", token);
        using var channel = GrpcChannel.ForAddress($"http://{server.Address}");
        var raw = new Method<byte[], byte[]>(MethodType.Unary, method.Service.FullName, method.Name, Raw, Raw);
        return await Assert.ThrowsAsync<RpcException>(async () => await channel.CreateCallInvoker().AsyncUnaryCall(raw, null, new CallOptions(cancellationToken: Token), request.ToByteArray()));
    }

    private static void Set(IMessage request, string field, object value) => request.Descriptor.FindFieldByName(field).Accessor.SetValue(request, value);
}
