using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using Mainstay.Testing;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.OperatorService.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;
using TemporalServer.Tests.Durability;

namespace TemporalServer.Tests.Hostile;

/// <summary>What no well-meaning client or worker sends: refused with the right code, and no harm to anybody else's workflow.</summary>
public sealed class HostileTests(SharedServer server) : IClassFixture<SharedServer>
{
    private const int Rounds = 40;

    // What Temporal answers to page tokens that are none.
    private const string ForBadPageTokens = "something went wrong, please retry";

    [Fact]
    public async Task EveryRpc_RandomRequests_AreAnsweredOrRefusedButNeverCrash()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var channel = GrpcChannel.ForAddress($"http://{server.Address}");
        var odd = new List<string>();
        foreach (var method in WorkflowService.Descriptor.Methods.Concat(OperatorService.Descriptor.Methods).Where(m => !m.Name.StartsWith("Poll", StringComparison.Ordinal)))
        {
            for (var round = 0; round < Rounds; round++)
            {
                var request = new RandomMessages((method.Index * Rounds) + round).Next(method.InputType);
                if (request is DeprecateNamespaceRequest { Namespace: RawClient.Namespace } or DeleteNamespaceRequest { Namespace: RawClient.Namespace })
                {
                    // It would do as it is told, and the other tests here start workflows.
                    continue;
                }

                if (await RefusalAsync(channel, method, request, cancellationToken) is { } refusal && refusal.StatusCode is StatusCode.Unknown or StatusCode.Internal or StatusCode.Unavailable && refusal.Status.Detail != ForBadPageTokens)
                {
                    odd.Add($"{method.Name} {round}: {refusal.Status}");
                }
            }
        }

        Assert.True(odd.Count == 0, string.Join('\n', odd.Take(40)));
    }

    [Fact]
    public async Task RespondWorkflowTaskCompleted_RandomCommandsAndMessages_DoNoMoreToAnotherWorkflowThanSignalOrCancelIt()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var client = new RawClient(server.Address);
        await client.StartAsync("victim", "victims", cancellationToken, taskSeconds: 60);
        var before = await client.HistoryAsync("victim", cancellationToken);
        string[] names = ["victim", "victim", "victim", "victims", before[0].WorkflowExecutionStartedEventAttributes.OriginalExecutionRunId];
        var odd = new List<string>();
        for (var round = 0; round < 10 * Rounds; round++)
        {
            var id = $"hostile-{round}";
            await client.StartAsync(id, id, cancellationToken, taskSeconds: 60);
            var task = await client.TaskAsync(id, cancellationToken);
            var random = new RandomMessages(round, names);
            var request = new RespondWorkflowTaskCompletedRequest { Namespace = RawClient.Namespace, TaskToken = task.TaskToken };
            request.Commands.Add(Enumerable.Range(0, round % 4).Select(_ => Plausible((Command)random.Next(Command.Descriptor))));
            request.Messages.Add(Bodies.Take(round % 5).Select(body => Plausible((Message)random.Next(Message.Descriptor), random.Next(body))));
            try
            {
                await client.Service.RespondWorkflowTaskCompletedAsync(request, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(10), cancellationToken: cancellationToken);
            }
            catch (RpcException e)
            {
                if (e.StatusCode != StatusCode.InvalidArgument)
                {
                    odd.Add($"{round} {string.Join(", ", request.Commands.Select(c => c.CommandType))}: {e.Status}");
                }
            }
        }

        Assert.True(odd.Count == 0, string.Join('\n', odd.Take(40)));
        var after = await client.HistoryAsync("victim", cancellationToken);
        Assert.Equal(before, after.Take(before.Count));
        Assert.All(after.Skip(before.Count), e => Assert.Contains(e.EventType, new[] { EventType.WorkflowExecutionSignaled, EventType.WorkflowExecutionCancelRequested }));
        await StoredStates.AgreeWithHistoriesAsync(server.Database, cancellationToken);
        await client.WorkAsync("victims", cancellationToken, Commands.Complete());
        await client.EventAsync("victim", EventType.WorkflowExecutionCompleted, cancellationToken);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x0F }, StatusCode.Internal)]
    [InlineData(new byte[] { 0x0A, 0x7F, 0x01 }, StatusCode.Internal)]
    [InlineData(new byte[] { }, StatusCode.InvalidArgument)]
    public async Task Call_WithABodyThatIsNoRequest_IsRefused(byte[] body, StatusCode expected)
    {
        var call = new Method<byte[], byte[]>(MethodType.Unary, WorkflowService.Descriptor.FullName, "StartWorkflowExecution", Raw, Raw);
        using var channel = GrpcChannel.ForAddress($"http://{server.Address}");
        var options = new CallOptions(cancellationToken: TestContext.Current.CancellationToken);
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await channel.CreateCallInvoker().AsyncUnaryCall(call, null, options, body));
        Assert.Equal(expected, refusal.StatusCode);
    }

    [Fact]
    public async Task Call_WithAMessageLargerThanAnyMayBe_IsRefused()
    {
        using var client = new RawClient(server.Address);
        var request = new StartWorkflowExecutionRequest { Namespace = RawClient.Namespace, WorkflowId = "large", Identity = new string('x', 5 * 1024 * 1024) };
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await client.Service.StartWorkflowExecutionAsync(request, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
    }

    [Fact]
    public async Task Port_GarbageFrames_LeaveTheServerServing()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var endpoint = IPEndPoint.Parse(server.Address);
        for (var seed = 0; seed < Rounds; seed++)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(endpoint, cancellationToken);
            var garbage = new byte[512];
            new Random(seed).NextBytes(garbage);
            byte[] sent = (seed % 3) switch
            {
                0 => garbage,
                1 => [.. Preface, .. garbage],
                // Frames of the right form, of any kind, on any stream, with anything in them.
                _ => [.. Preface, .. Frame(4, 0, 0, []), .. Enumerable.Range(0, 8).SelectMany(i => Frame((byte)i, garbage[i], garbage[i + 8] % 4, garbage.AsSpan(i * 32, 32).ToArray()))],
            };
            await SendAsync(socket.GetStream(), sent, cancellationToken);
        }

        using var client = new RawClient(server.Address);
        Assert.NotEmpty((await client.Service.GetSystemInfoAsync(new(), cancellationToken: cancellationToken)).ServerVersion);
        var unknown = new Method<byte[], byte[]>(MethodType.Unary, "temporal.api.workflowservice.v1.WorkflowService", "NoSuchThing", Raw, Raw);
        using var channel = GrpcChannel.ForAddress($"http://{server.Address}");
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await channel.CreateCallInvoker().AsyncUnaryCall(unknown, null, new CallOptions(cancellationToken: cancellationToken), [1, 2]));
        Assert.Equal(StatusCode.Unimplemented, refusal.StatusCode);
    }

    private static byte[] Preface => [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8];

    private static byte[] Frame(byte kind, byte flags, int stream, byte[] payload) => [0, 0, (byte)payload.Length, kind, flags, 0, 0, 0, (byte)stream, .. payload];

    // The server ends the connection, in peace or not.
    private static async Task SendAsync(NetworkStream stream, byte[] sent, CancellationToken cancellationToken)
    {
        var answer = new byte[1024];
        try
        {
            await stream.WriteAsync(sent, cancellationToken);
            stream.Socket.Shutdown(SocketShutdown.Send);
            while (await stream.ReadAsync(answer, cancellationToken) > 0)
            {
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // Reset: nobody wants to hear more of this.
        }
    }

    private static Marshaller<byte[]> Raw { get; } = Marshallers.Create(bytes => bytes, bytes => bytes);

    // A random type hardly ever fits the attributes that were drawn: half the commands are made to fit.
    private static Command Plausible(Command command)
    {
        if (command.AttributesCase != Command.AttributesOneofCase.None && command.CalculateSize() % 2 == 0
            && Enum.TryParse<CommandType>(command.AttributesCase.ToString().Replace("CommandAttributes", "", StringComparison.Ordinal), out var fitting))
        {
            command.CommandType = fitting;
        }

        return command;
    }

    private static readonly MessageDescriptor[] Bodies = [Acceptance.Descriptor, Rejection.Descriptor, Response.Descriptor, Request.Descriptor];

    private static Message Plausible(Message message, IMessage body)
    {
        message.Body = body.CalculateSize() % 4 == 0 ? message.Body : Google.Protobuf.WellKnownTypes.Any.Pack(body);
        return message;
    }

    private static async Task<RpcException?> RefusalAsync(GrpcChannel channel, MethodDescriptor method, IMessage request, CancellationToken cancellationToken)
    {
        var call = new Method<byte[], byte[]>(MethodType.Unary, method.Service.FullName, method.Name, Raw, Raw);
        try
        {
            var options = new CallOptions(deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(3), cancellationToken: cancellationToken);
            await channel.CreateCallInvoker().AsyncUnaryCall(call, null, options, request.ToByteArray());
            return null;
        }
        catch (RpcException e)
        {
            return e;
        }
    }
}
