using Google.Protobuf;
using Grpc.Core;
using Grpc.Tests.Hosting;
using Grpc.Tests.Interop;

namespace Grpc.Tests.Deadlines;

/// <summary>The server keeps to a deadline by itself, seen by a client that has none.</summary>
public sealed class ServerDeadlineTests
{
    private static readonly (string, string)[] Soon = [("grpc-timeout", "100m")];
    private static readonly byte[] EmptyMessage = RawCall.Message(0, []);

    private readonly TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Exception?> late = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unary_HandlerIgnoresItsToken_CallerIsToldAtOnceAndTheLateAnswerIsDropped()
    {
        await using var server = await TestServer.StartAsync(new ScriptedService
        {
            Unary = async (_, context) =>
            {
                await release.Task;
                context.Status = new Status(StatusCode.DataLoss, "too late");
                return new SimpleResponse { Payload = InteropService.Zeros(100) };
            },
        });
        using var active = new ActiveCalls(server);
        using var raw = new RawCall(server.Target);

        var response = await raw.PostAsync("UnaryCall", EmptyMessage, Soon, Cancellation);

        Assert.Equal((4, 0), (response.Status, response.Body.Length));
        Assert.Equal(1, active.Count);
        release.SetResult();
        await active.WaitForAsync(0, Cancellation);
        Assert.Equal(0, (await raw.PostAsync("EmptyCall", EmptyMessage, [], Cancellation)).Status);
    }

    [Fact]
    public async Task ServerStream_HandlerIgnoresItsToken_KeepsWhatWasSentAndRefusesTheRest()
    {
        await using var server = await TestServer.StartAsync(new ScriptedService
        {
            ServerStream = async (responses, _) =>
            {
                await responses.WriteAsync(new StreamingOutputCallResponse { Payload = InteropService.Zeros(3) });
                await release.Task;
                late.SetResult(await Record.ExceptionAsync(() => responses.WriteAsync(new StreamingOutputCallResponse(), CancellationToken.None)));
            },
        });
        using var active = new ActiveCalls(server);
        using var raw = new RawCall(server.Target);

        var response = await raw.PostAsync("StreamingOutputCall", EmptyMessage, Soon, Cancellation);
        release.SetResult();

        Assert.Equal(4, response.Status);
        Assert.Equal(RawCall.Message(0, new StreamingOutputCallResponse { Payload = InteropService.Zeros(3) }.ToByteArray()), response.Body);
        Assert.NotNull(await late.Task.WaitAsync(Cancellation));
        await active.WaitForAsync(0, Cancellation);
    }

    [Fact]
    public async Task ServerStream_HandlerWaitsForASlowReader_IsLetGo()
    {
        await using var server = await TestServer.StartAsync(new ScriptedService
        {
            ServerStream = async (responses, _) => late.SetResult(await Record.ExceptionAsync(async () =>
            {
                while (true)
                {
                    await responses.WriteAsync(new StreamingOutputCallResponse { Payload = InteropService.Zeros(100_000) }, CancellationToken.None);
                }
            })),
        });
        using var active = new ActiveCalls(server);
        using var raw = new RawCall(server.Target);

        using var unread = await raw.BeginAsync("StreamingOutputCall", EmptyMessage, Soon, Cancellation);

        Assert.NotNull(await late.Task.WaitAsync(Cancellation));
        await active.WaitForAsync(0, Cancellation);
    }

    [Fact]
    public async Task ClientStream_HandlerWaitsForRequests_IsLetGo()
    {
        await using var server = await TestServer.StartAsync(new ScriptedService
        {
            ClientStream = async (requests, _) =>
            {
                late.SetResult(await Record.ExceptionAsync(() => requests.MoveNext(CancellationToken.None)));
                return new StreamingInputCallResponse();
            },
        });
        using var channel = server.CreateChannel();
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(100);
        using var call = new TestService.TestServiceClient(channel).StreamingInputCall(deadline: deadline, cancellationToken: Cancellation);

        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

        Assert.Equal(StatusCode.DeadlineExceeded, exception.StatusCode);
        Assert.NotNull(await late.Task.WaitAsync(Cancellation));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-5S")]
    [InlineData("123456789S")]
    [InlineData("5")]
    public async Task Timeout_NotValid_CountsAsNone(string timeout)
    {
        await using var server = await TestServer.StartAsync(new ScriptedService
        {
            Unary = (_, context) => Task.FromResult(new SimpleResponse { Payload = InteropService.Zeros(context.Deadline == DateTime.MaxValue ? 1 : 0) }),
        });
        using var raw = new RawCall(server.Target);

        var response = await raw.PostAsync("UnaryCall", EmptyMessage, [("grpc-timeout", timeout)], Cancellation);

        Assert.Equal(0, response.Status);
        Assert.Equal(1, SimpleResponse.Parser.ParseFrom(response.Body.AsSpan(5)).Payload.Body.Length);
    }
}
