using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Mainstay.Llm.V1;
using Microsoft.AspNetCore.Http;
using StatusCode = Grpc.Core.StatusCode;
using Task = System.Threading.Tasks.Task;

namespace Mainstay.LlmGateway.Tests.Providers.OpenAi;

public sealed class OpenAiFailureTests(OpenAiFixture fixture) : IClassFixture<OpenAiFixture>
{
    private static readonly string Text = Upstream.Chunk("""{"content": "Half "}""");

    private Gateway Gateway => fixture.Gateway;

    private Upstream Upstream => fixture.Upstream;

    [Theory]
    [InlineData(401)]
    [InlineData(402)]
    [InlineData(403)]
    public async Task Complete_KeyRefused_IsTheOperatorsAffair(int status)
    {
        Upstream.Expect(Upstream.Refuse(status, $"Incorrect API key provided: {OpenAiFixture.Key}."));

        await Gateway.RefusedAsync(Ask(), StatusCode.FailedPrecondition, LlmErrorReason.ProviderRefusedKey);

        Assert.Single(Upstream.Requests);
    }

    [Fact]
    public async Task Complete_QuotaUsedUp_IsTheOperatorsAffair()
    {
        Upstream.Expect(Upstream.Refuse(429, "You exceeded your current quota.", "insufficient_quota"));

        await Gateway.RefusedAsync(Ask(), StatusCode.FailedPrecondition, LlmErrorReason.ProviderRefusedKey);
    }

    [Fact]
    public async Task Complete_RateLimited_SaysWhenToComeAgain()
    {
        Upstream.Expect(Upstream.Refuse(429, "Slow down.", "rate_limit_exceeded", ("Retry-After", "7")));

        var exception = await Gateway.RefusedAsync(Ask(), StatusCode.ResourceExhausted, LlmErrorReason.RateLimited);

        Assert.Equal(Duration.FromTimeSpan(TimeSpan.FromSeconds(7)), exception.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay);
        Assert.Single(Upstream.Requests);
    }

    [Fact]
    public async Task Complete_RequestRefused_GivesOnWhatTheProviderSays()
    {
        Upstream.Expect(Upstream.Refuse(400, $"This model's maximum context length is 128000 tokens ({OpenAiFixture.Key})."));

        var exception = await Gateway.RefusedAsync(Ask(), StatusCode.InvalidArgument, LlmErrorReason.ProviderRefusedRequest);

        Assert.Equal("The provider 'openai' refuses the request: This model's maximum context length is 128000 tokens ((the key)).", exception.Status.Detail);
        Assert.Single(Upstream.Requests);
    }

    [Fact]
    public async Task Complete_PassingFailure_IsTriedAgain()
    {
        Upstream.Expect(Upstream.Refuse(503), Upstream.Refuse(500), Upstream.Say("At last."));

        Assert.Equal("At last.", (await Gateway.CompleteAsync(Ask())).Message.Content);
        Assert.Equal(3, Upstream.Requests.Count);
    }

    [Fact]
    public async Task Complete_FailureThatStays_IsUnavailableAfterTheRetries()
    {
        Upstream.Expect(Upstream.Refuse(503));

        var exception = await Gateway.RefusedAsync(Ask(), StatusCode.Unavailable, LlmErrorReason.ProviderUnavailable);

        Assert.Equal("The provider 'openai' answered 503. Retry with backoff.", exception.Status.Detail);
        Assert.Equal(3, Upstream.Requests.Count);
    }

    [Fact]
    public Task Complete_NobodyListens_IsUnavailable() =>
        Gateway.RefusedAsync(Ask("away"), StatusCode.Unavailable, LlmErrorReason.ProviderUnavailable);

    [Fact]
    public async Task Complete_ProviderIsTooSlow_IsUnavailable()
    {
        Upstream.Expect(response => Task.Delay(System.Threading.Timeout.Infinite, response.HttpContext.RequestAborted));

        var exception = await Gateway.RefusedAsync(Ask("impatient"), StatusCode.Unavailable, LlmErrorReason.ProviderUnavailable);

        Assert.Equal("The provider 'impatient' did not answer within 0.5 s. Retry with backoff.", exception.Status.Detail);
    }

    [Theory]
    [InlineData("<html>Welcome</html>", "text/html")]
    [InlineData("{\"choices\": [", "application/json")]
    [InlineData("{}", "application/json")]
    [InlineData("[]", "application/json")]
    [InlineData("{\"choices\": [{\"message\": {\"content\": \"\\ud800\"}}]}", "application/json")]
    [InlineData("{\"choices\": [{\"message\": {\"tool_calls\": [{\"id\": \"1\"}]}}]}", "application/json")]
    [InlineData("data: {\"choices\": \n\n", "text/event-stream")]
    [InlineData("data: nonsense\n\n", "text/event-stream")]
    public async Task Complete_NotOfTheFormat_IsUnavailableAndNotTriedAgain(string body, string type)
    {
        Upstream.Expect(Upstream.Send(body, type: type));

        await Gateway.RefusedAsync(Ask(), StatusCode.Unavailable, LlmErrorReason.ProviderUnavailable);

        Assert.Single(Upstream.Requests);
    }

    [Theory]
    [InlineData("application/json", "{\"choices\": [{\"message\": {\"content\": \"", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("text/event-stream", "", "data: {\"choices\": [{\"delta\": {\"content\": \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}}]}\n\n")]
    [InlineData("text/event-stream", "data: ", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public async Task Complete_AnswerWithoutEnd_IsCutOff(string type, string beginning, string rest)
    {
        var block = string.Concat(Enumerable.Repeat(rest, 2000));
        Upstream.Expect(async response =>
        {
            response.ContentType = type;
            await response.WriteAsync(beginning);
            while (!response.HttpContext.RequestAborted.IsCancellationRequested)
            {
                await response.WriteAsync(block, response.HttpContext.RequestAborted);
            }
        });

        var exception = await Gateway.RefusedAsync(Ask(), StatusCode.Unavailable, LlmErrorReason.ProviderUnavailable);

        Assert.Contains("too large", exception.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamComplete_BrokenBeforeAnyText_IsTriedAgain()
    {
        Upstream.Expect(
            Upstream.Break(Upstream.Chunk("""{"role": "assistant", "content": ""}""")),
            Upstream.Stream(Upstream.Chunk("""{"role": "assistant", "content": ""}""")),
            Upstream.Stream(Text, Upstream.Chunk("{}", "\"stop\"")));

        var (_, completion) = await Gateway.StreamAsync(Ask());

        Assert.Equal("Half ", completion.Message.Content);
        Assert.Equal(3, Upstream.Requests.Count);
    }

    [Fact]
    public async Task StreamComplete_BrokenAfterText_IsNotTriedAgain()
    {
        var isRead = new TaskCompletionSource();
        Upstream.Expect(async response =>
        {
            await Upstream.Stream(Text)(response);
            await isRead.Task;
            response.HttpContext.Abort();
        });
        using var call = Gateway.Client().StreamComplete(new StreamCompleteRequest { Input = Ask() }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        isRead.SetResult();

        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        Gateway.AssertReason(exception, StatusCode.Unavailable, LlmErrorReason.ProviderUnavailable);
        Assert.Single(Upstream.Requests);
    }

    [Fact]
    public async Task StreamComplete_EndsWithoutSayingSo_IsBroken()
    {
        Upstream.Expect(Upstream.Stream(Text));

        await StreamFailsAsync();
    }

    [Fact]
    public async Task StreamComplete_ErrorInTheMiddle_IsAFailure()
    {
        Upstream.Expect(Upstream.Stream(Text, "data: {\"error\": {\"message\": \"The server had an error.\"}}\n\n"));

        await StreamFailsAsync();
    }

    [Fact]
    public async Task Complete_WhateverFails_TheKeyIsNowhere()
    {
        using var log = Gateway.CaptureLog();
        var key = $"bad {OpenAiFixture.Key} key";
        foreach (var answer in (Func<HttpResponse, Task>[])[Upstream.Refuse(400, key), Upstream.Refuse(401, key), Upstream.Refuse(500, key), Upstream.Send(key)])
        {
            Upstream.Expect(answer);
            var exception = await Assert.ThrowsAsync<RpcException>(() => Gateway.CompleteAsync(Ask()));
            Assert.DoesNotContain(OpenAiFixture.Key, $"{exception} {exception.GetRpcStatus()}", StringComparison.Ordinal);
        }

        Assert.Contains(log.Lines, line => line.Contains("No completion by gpt of openai", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains(OpenAiFixture.Key, StringComparison.Ordinal));
    }

    private async Task StreamFailsAsync()
    {
        var exception = await Assert.ThrowsAsync<RpcException>(() => Gateway.StreamAsync(Ask()));

        Gateway.AssertReason(exception, StatusCode.Unavailable, LlmErrorReason.ProviderUnavailable);
    }

    private static CompletionInput Ask(string model = "gpt") => new(Gateway.Ask("Go.")) { Model = model };
}
