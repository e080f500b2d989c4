using Grpc.Core;
using Grpc.Net.Client.Configuration;
using Grpc.Tests.Hosting;
using Grpc.Tests.Interop;

namespace Grpc.Tests.Cancelling;

/// <summary>Each side learns at once when the other gives up, whether or not it is reading just then.</summary>
public sealed class CancellationTests
{
    private static readonly StreamingOutputCallResponse Response = new() { Payload = InteropService.Zeros(10) };

    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unary_CallerCancels_HandlersTokenIsCancelled()
    {
        await using var server = await TestServer.StartAsync(new ScriptedService { Unary = async (_, context) => { await WaitAsync(context); return new SimpleResponse(); } });
        using var channel = server.CreateChannel();
        using var source = new CancellationTokenSource();
        var call = new TestService.TestServiceClient(channel).UnaryCallAsync(new SimpleRequest(), cancellationToken: source.Token);
        await begun.Task.WaitAsync(Cancellation);

        await source.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
        await cancelled.Task.WaitAsync(Cancellation);
    }

    [Theory]
    [InlineData("token")]
    [InlineData("dispose")]
    [InlineData("read")]
    [InlineData("channel")]
    public async Task ServerStream_CallerGivesUpAfterTheFirstResponse_HandlersTokenIsCancelled(string how)
    {
        await using var server = await TestServer.StartAsync(new ScriptedService
        {
            ServerStream = async (responses, context) =>
            {
                await responses.WriteAsync(Response);
                await WaitAsync(context);
            },
        });
        using var channel = server.CreateChannel();
        using var source = new CancellationTokenSource();
        using var call = new TestService.TestServiceClient(channel).StreamingOutputCall(new StreamingOutputCallRequest(), cancellationToken: source.Token);
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        await begun.Task.WaitAsync(Cancellation);

        switch (how)
        {
            case "token":
                await source.CancelAsync();
                break;
            case "dispose":
                call.Dispose();
                break;
            case "read":
                using (var ofRead = new CancellationTokenSource())
                {
                    var reading = call.ResponseStream.MoveNext(ofRead.Token);
                    await ofRead.CancelAsync();
                    Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => reading)).StatusCode);
                }

                break;
            default:
                channel.Dispose();
                break;
        }

        await cancelled.Task.WaitAsync(Cancellation);
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task ServerStream_DeadlinePassesWhileNobodyReads_HandlersTokenIsCancelled()
    {
        await using var server = await TestServer.StartAsync(new ScriptedService { ServerStream = async (responses, context) => { await responses.WriteAsync(Response); await WaitAsync(context); } });
        using var channel = server.CreateChannel();
        using var call = new TestService.TestServiceClient(channel).StreamingOutputCall(
            new StreamingOutputCallRequest(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(3), cancellationToken: Cancellation);

        await cancelled.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        await Until.TrueAsync(() => Record.Exception(() => call.GetStatus()) is null, Cancellation);

        Assert.Equal(StatusCode.DeadlineExceeded, call.GetStatus().StatusCode);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ClientStream_CallerGivesUpBetweenTwoRequests_RequestsAreBrokenOffAndNotCompleted(int attempts)
    {
        var transport = new SlowlyCancelledTransport();
        using var channel = Net.Client.GrpcChannel.ForAddress(
            "http://transport", new Net.Client.GrpcChannelOptions { HttpHandler = transport, ServiceConfig = attempts > 1 ? Retries(attempts) : null });
        using var call = new TestService.TestServiceClient(channel).StreamingInputCall(cancellationToken: Cancellation);
        await call.RequestStream.WriteAsync(new StreamingInputCallRequest(), Cancellation);

        transport.HoldCancellation();
        call.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transport.Requests.WaitAsync(Cancellation));
    }

    [Fact]
    public async Task ClientStream_ServerEndsTheCall_WriterLearnsTheStatus()
    {
        await using var server = await TestServer.StartAsync(new ScriptedService
        {
            ClientStream = async (requests, _) =>
            {
                await requests.MoveNext();
                throw new RpcException(new Status(StatusCode.FailedPrecondition, "no more"));
            },
        });
        using var channel = server.CreateChannel();
        using var call = new TestService.TestServiceClient(channel).StreamingInputCall(cancellationToken: Cancellation);

        var exception = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true)
            {
                await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = InteropService.Zeros(1000) }, Cancellation);
            }
        });

        Assert.Equal((StatusCode.FailedPrecondition, "no more"), (exception.StatusCode, exception.Status.Detail));
    }

    [Fact]
    public async Task Duplex_NoServer_WriterLearnsIt()
    {
        using var channel = Net.Client.GrpcChannel.ForAddress("http://127.0.0.1:1");
        using var call = new TestService.TestServiceClient(channel).FullDuplexCall(cancellationToken: Cancellation);

        var exception = await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(new StreamingOutputCallRequest(), Cancellation));

        Assert.Equal(StatusCode.Unavailable, exception.StatusCode);
    }

    private async Task WaitAsync(ServerCallContext context)
    {
        await using var registration = context.CancellationToken.Register(cancelled.SetResult);
        begun.TrySetResult();
        await cancelled.Task;
        context.CancellationToken.ThrowIfCancellationRequested();
    }

    private static ServiceConfig Retries(int attempts) => new()
    {
        MethodConfigs =
        {
            new MethodConfig
            {
                Names = { MethodName.Default },
                RetryPolicy = new RetryPolicy
                {
                    MaxAttempts = attempts,
                    InitialBackoff = TimeSpan.FromSeconds(1),
                    MaxBackoff = TimeSpan.FromSeconds(1),
                    BackoffMultiplier = 1,
                    RetryableStatusCodes = { StatusCode.Unavailable },
                },
            },
        },
    };

    /// <summary>Takes the requests of one call, never answers, and gives them time to end before they learn that the call is cancelled.</summary>
    private sealed class SlowlyCancelledTransport : HttpMessageHandler
    {
        private static readonly TimeSpan TimeToEnd = TimeSpan.FromMilliseconds(200);

        private CancellationToken cancelled;

        public Task Requests { get; private set; } = Task.CompletedTask;

        // What was registered last is called first.
        public void HoldCancellation() => cancelled.Register(() => ((IAsyncResult)Requests).AsyncWaitHandle.WaitOne(TimeToEnd));

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancelled = cancellationToken;
            Requests = request.Content!.CopyToAsync(Stream.Null, CancellationToken.None);
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return new HttpResponseMessage();
        }
    }
}
