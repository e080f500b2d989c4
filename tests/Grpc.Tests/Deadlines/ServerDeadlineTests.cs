using Google.Protobuf;
using Grpc.Core;
using Grpc.Tests.Hosting;
using Grpc.Tests.Interop;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Tests.Deadlines;

/// <summary>The server keeps to a deadline by itself, seen by a client that has none.</summary>
public sealed class ServerDeadlineTests
{
    private static readonly (string, string)[] Deadline = [("grpc-timeout", "1H")];
    private static readonly byte[] EmptyMessage = RawCall.Message(0, []);

    // A deadline of real time could pass before the call comes to its handler.
    private readonly HeldClock clock = new();
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Exception?> late = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unary_HandlerIgnoresItsToken_CallerIsToldAtOnceAndTheLateAnswerIsDropped()
    {
        await using var server = await StartAsync(new ScriptedService
        {
            Unary = async (_, context) =>
            {
                begun.SetResult();
                await release.Task;
                context.Status = new Status(StatusCode.DataLoss, "too late");
                return new SimpleResponse { Payload = InteropService.Zeros(100) };
            },
        });
        using var active = new ActiveCalls(server);
        using var raw = new RawCall(server.Target);

        var posted = raw.PostAsync("UnaryCall", EmptyMessage, Deadline, Cancellation);
        await PassOnceBegunAsync();
        var response = await posted;

        Assert.Equal((4, 0), (response.Status, response.Body.Length));
        Assert.Equal(1, active.Count);
        release.SetResult();
        await active.WaitForAsync(0, Cancellation);
        Assert.Equal(0, (await raw.PostAsync("EmptyCall", EmptyMessage, [], Cancellation)).Status);
    }

    [Fact]
    public async Task ServerStream_HandlerIgnoresItsToken_KeepsWhatWasSentAndRefusesTheRest()
    {
        await using var server = await StartAsync(new ScriptedService
        {
            ServerStream = async (responses, _) =>
            {
                await responses.WriteAsync(new StreamingOutputCallResponse { Payload = InteropService.Zeros(3) });
                begun.SetResult();
                await release.Task;
                late.SetResult(await Record.ExceptionAsync(() => responses.WriteAsync(new StreamingOutputCallResponse(), CancellationToken.None)));
            },
        });
        using var active = new ActiveCalls(server);
        using var raw = new RawCall(server.Target);

        var posted = raw.PostAsync("StreamingOutputCall", EmptyMessage, Deadline, Cancellation);
        await PassOnceBegunAsync();
        var response = await posted;
        release.SetResult();

        Assert.Equal(4, response.Status);
        Assert.Equal(RawCall.Message(0, new StreamingOutputCallResponse { Payload = InteropService.Zeros(3) }.ToByteArray()), response.Body);
        Assert.NotNull(await late.Task.WaitAsync(Cancellation));
        await active.WaitForAsync(0, Cancellation);
    }

    [Fact]
    public async Task ServerStream_HandlerWaitsForASlowReader_IsLetGo()
    {
        await using var server = await StartAsync(new ScriptedService
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

        using var unread = await raw.BeginAsync("StreamingOutputCall", EmptyMessage, Deadline, Cancellation);
        clock.Pass();

        Assert.NotNull(await late.Task.WaitAsync(Cancellation));
        await active.WaitForAsync(0, Cancellation);
    }

    [Fact]
    public async Task ClientStream_HandlerWaitsForRequests_IsLetGo()
    {
        await using var server = await StartAsync(new ScriptedService
        {
            ClientStream = async (requests, _) =>
            {
                begun.SetResult();
                late.SetResult(await Record.ExceptionAsync(() => requests.MoveNext(CancellationToken.None)));
                return new StreamingInputCallResponse();
            },
        });
        using var channel = server.CreateChannel();
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1);
        using var call = new TestService.TestServiceClient(channel).StreamingInputCall(deadline: deadline, cancellationToken: Cancellation);

        await PassOnceBegunAsync();
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

    private Task<TestServer> StartAsync(ScriptedService service) => TestServer.StartAsync(service, builder => builder.Services.AddSingleton<TimeProvider>(clock));

    private async Task PassOnceBegunAsync()
    {
        await begun.Task.WaitAsync(Cancellation);
        clock.Pass();
    }
}
