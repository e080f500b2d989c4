using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using Grpc.Tests.Interop;
using Grpc.Tests.Peers;

namespace Grpc.Tests.Retries;

/// <summary>Retries by service config, against a server of @grpc/grpc-js that fails as often as it is told.</summary>
public sealed class RetryTests(GrpcJsServer server) : IClassFixture<GrpcJsServer>
{
    private static readonly SimpleRequest Request = new() { ResponseSize = 7 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unary_ServerFailsTwice_AnswersInTheThirdAttempt()
    {
        using var channel = Channel(Policy(maxAttempts: 3));

        using var call = new TestService.TestServiceClient(channel).UnaryCallAsync(Request, Flaky(times: 2), cancellationToken: Cancellation);
        var response = await call;

        Assert.Equal(7, response.Payload.Body.Length);
        var headers = await call.ResponseHeadersAsync;
        Assert.Equal("2", headers.GetValue("x-seen-previous-attempts"));
        Assert.Equal("2", headers.GetValue("grpc-previous-rpc-attempts"));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Theory]
    [InlineData(3, null, "attempt 3")]
    [InlineData(9, null, "attempt 5")]
    [InlineData(9, 2, "attempt 2")]
    public async Task Unary_ServerKeepsFailing_EndsWithTheLastStatus(int maxAttempts, int? mostOfChannel, string expected)
    {
        using var channel = Channel(Policy(maxAttempts), options => options.MaxRetryAttempts = mostOfChannel ?? options.MaxRetryAttempts);

        Assert.Equal((StatusCode.Unavailable, expected), await FailAsync(channel, Flaky(times: 99)));
    }

    [Fact]
    public async Task Unary_CodeNotRetryable_IsTriedOnce()
    {
        using var channel = Channel(Policy());

        Assert.Equal((StatusCode.Internal, "attempt 1"), await FailAsync(channel, Flaky(times: 99, StatusCode.Internal)));
    }

    [Fact]
    public async Task ClientStreaming_ServerFailsAfterTheFirstRequest_AllRequestsAreSentAgain()
    {
        using var channel = Channel(Policy());
        using var call = new TestService.TestServiceClient(channel).StreamingInputCall(Flaky(times: 2), cancellationToken: Cancellation);
        foreach (var size in new[] { 10_000, 200, 3 })
        {
            await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = InteropService.Zeros(size) }, Cancellation);
        }

        await call.RequestStream.CompleteAsync();

        Assert.Equal(10_203, (await call).AggregatedPayloadSize);
    }

    [Fact]
    public async Task ClientStreaming_MoreSentThanMayBeKept_IsTriedOnce()
    {
        using var channel = Channel(Policy(), options => options.MaxRetryBufferPerCallSize = 100);
        using var call = new TestService.TestServiceClient(channel).StreamingInputCall(Flaky(times: 99), cancellationToken: Cancellation);
        await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = InteropService.Zeros(1000) }, Cancellation);

        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

        Assert.Equal("attempt 1", exception.Status.Detail);
    }

    [Fact]
    public async Task ClientStreaming_CallFailed_WriterLearnsHow()
    {
        using var channel = Channel(Policy(maxAttempts: 2));
        using var call = new TestService.TestServiceClient(channel).StreamingInputCall(Flaky(times: 99), cancellationToken: Cancellation);
        await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = InteropService.Zeros(1) }, Cancellation);
        await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

        var exception = await Assert.ThrowsAsync<RpcException>(
            () => call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = InteropService.Zeros(1) }, Cancellation));

        Assert.Equal("attempt 2", exception.Status.Detail);
    }

    [Theory]
    [InlineData(false, StatusCode.OK)]
    [InlineData(true, StatusCode.Unavailable)]
    public async Task ServerStreaming_ServerFails_IsTriedAgainOnlyBeforeTheFirstResponse(bool late, StatusCode expected)
    {
        using var channel = Channel(Policy());
        var headers = Flaky(times: 1);
        if (late)
        {
            headers.Add("x-flaky-late", "yes");
        }

        using var call = new TestService.TestServiceClient(channel).StreamingOutputCall(
            new StreamingOutputCallRequest { ResponseParameters = { new ResponseParameters { Size = 5 } } }, headers, cancellationToken: Cancellation);
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        await Record.ExceptionAsync(() => call.ResponseStream.MoveNext(Cancellation));

        Assert.Equal(expected, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Duplex_UnderPolicy_AnswersEachRequest()
    {
        using var channel = Channel(Policy());
        using var call = new TestService.TestServiceClient(channel).FullDuplexCall(cancellationToken: Cancellation);
        foreach (var size in new[] { 31415, 9 })
        {
            await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseParameters = { new ResponseParameters { Size = size } } }, Cancellation);
            Assert.True(await call.ResponseStream.MoveNext(Cancellation));
            Assert.Equal(size, call.ResponseStream.Current.Payload.Body.Length);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Cancellation));
    }

    [Fact]
    public async Task Pushback_ServerNamesTheWait_CountsInsteadOfTheBackoff()
    {
        using var channel = Channel(Policy(backoff: TimeSpan.FromHours(1)));

        var response = await new TestService.TestServiceClient(channel).UnaryCallAsync(Request, Flaky(times: 2, pushback: "0"), cancellationToken: Cancellation);

        Assert.Equal(7, response.Payload.Body.Length);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("soon")]
    public async Task Pushback_ServerWantsNoRetry_IsTriedOnce(string pushback)
    {
        using var channel = Channel(Policy());

        Assert.Equal("attempt 1", (await FailAsync(channel, Flaky(times: 99, pushback: pushback))).Detail);
    }

    [Fact]
    public async Task Throttling_TooManyFailures_StopsRetriesUntilCallsSucceed()
    {
        var config = Policy(maxAttempts: 5);
        config.RetryThrottling = new RetryThrottlingPolicy { MaxTokens = 4, TokenRatio = 2 };
        using var channel = Channel(config);
        var client = new TestService.TestServiceClient(channel);

        Assert.Equal("attempt 2", (await FailAsync(channel, Flaky(times: 99))).Detail);
        Assert.Equal("attempt 1", (await FailAsync(channel, Flaky(times: 99))).Detail);
        await client.UnaryCallAsync(Request, cancellationToken: Cancellation);
        await client.UnaryCallAsync(Request, cancellationToken: Cancellation);
        Assert.Equal("attempt 2", (await FailAsync(channel, Flaky(times: 99))).Detail);
    }

    [Fact]
    public async Task Deadline_PassesDuringBackoff_EndsAsDeadlineExceeded()
    {
        using var channel = Channel(Policy(backoff: TimeSpan.FromDays(1)));
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(500);

        var exception = await Assert.ThrowsAsync<RpcException>(
            () => new TestService.TestServiceClient(channel).UnaryCallAsync(Request, Flaky(times: 99), deadline, Cancellation).ResponseAsync);

        Assert.Equal(StatusCode.DeadlineExceeded, exception.StatusCode);
    }

    [Fact]
    public async Task Cancellation_DuringBackoff_EndsAsCancelled()
    {
        using var channel = Channel(Policy(backoff: TimeSpan.FromDays(1)));
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var call = new TestService.TestServiceClient(channel).UnaryCallAsync(Request, Flaky(times: 99), cancellationToken: source.Token);
        await source.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
    }

    [Fact]
    public async Task NoServer_UnderPolicy_EndsAsUnavailable()
    {
        using var channel = GrpcChannel.ForAddress("http://127.0.0.1:1", new GrpcChannelOptions { ServiceConfig = Policy() });
        using var call = new TestService.TestServiceClient(channel).FullDuplexCall(cancellationToken: Cancellation);

        var writing = await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(new StreamingOutputCallRequest(), Cancellation));
        var reading = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancellation));

        Assert.Equal((StatusCode.Unavailable, StatusCode.Unavailable), (writing.StatusCode, reading.StatusCode));
    }

    [Fact]
    public async Task MethodNames_SeveralMatch_TheClosestCounts()
    {
        var config = new ServiceConfig
        {
            MethodConfigs =
            {
                Method(new MethodName { Service = "grpc.testing.TestService", Method = "UnaryCall" }, 2),
                Method(new MethodName { Service = "grpc.testing.TestService" }, 3),
                Method(MethodName.Default, 4),
            },
        };
        using var channel = Channel(config);
        using var other = new TestService.TestServiceClient(channel).StreamingOutputCall(new StreamingOutputCallRequest(), Flaky(times: 99), cancellationToken: Cancellation);

        Assert.Equal("attempt 2", (await FailAsync(channel, Flaky(times: 99))).Detail);
        Assert.Equal("attempt 3", (await Assert.ThrowsAsync<RpcException>(() => other.ResponseStream.MoveNext(Cancellation))).Status.Detail);
    }

    private static ServiceConfig Policy(int maxAttempts = 4, TimeSpan? backoff = null) =>
        new() { MethodConfigs = { Method(MethodName.Default, maxAttempts, backoff) } };

    private static MethodConfig Method(MethodName name, int maxAttempts, TimeSpan? backoff = null) => new()
    {
        Names = { name },
        RetryPolicy = new RetryPolicy
        {
            MaxAttempts = maxAttempts,
            InitialBackoff = backoff ?? TimeSpan.FromMilliseconds(1),
            MaxBackoff = backoff ?? TimeSpan.FromMilliseconds(5),
            BackoffMultiplier = 2,
            RetryableStatusCodes = { StatusCode.Unavailable },
        },
    };

    private static Metadata Flaky(int times, StatusCode code = StatusCode.Unavailable, string pushback = "") =>
        new() { { "x-flaky", $"{Guid.CreateVersion7()};{times};{(int)code};{pushback}" } };

    private static async Task<(StatusCode Code, string Detail)> FailAsync(GrpcChannel channel, Metadata headers)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(
            () => new TestService.TestServiceClient(channel).UnaryCallAsync(Request, headers, cancellationToken: Cancellation).ResponseAsync);
        return (exception.StatusCode, exception.Status.Detail);
    }

    private GrpcChannel Channel(ServiceConfig config, Action<GrpcChannelOptions>? change = null)
    {
        var options = new GrpcChannelOptions { ServiceConfig = config };
        change?.Invoke(options);
        return GrpcChannel.ForAddress(server.Address, options);
    }
}
