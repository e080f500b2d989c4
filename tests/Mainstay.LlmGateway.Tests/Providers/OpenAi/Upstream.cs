using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Mainstay.LlmGateway.Tests.Providers.OpenAi;

/// <summary>A request as the upstream got it.</summary>
internal sealed record UpstreamRequest(JsonObject Body, string Authorization);

/// <summary>A server of OpenAI's chat completions that answers as it is told.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly WebApplication application;

    private Upstream(WebApplication application) => this.application = application;

    /// <summary>How the next requests are answered, in order; the last one stays.</summary>
    public ConcurrentQueue<Func<HttpResponse, Task>> Answers { get; } = [];

    public ConcurrentQueue<UpstreamRequest> Requests { get; } = [];

    public string BaseUrl => $"{application.Urls.Single()}/v1";

    public static async Task<Upstream> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var upstream = new Upstream(builder.Build());
        upstream.application.MapPost("/v1/chat/completions", upstream.AnswerAsync);
        await upstream.application.StartAsync(TestContext.Current.CancellationToken);
        return upstream;
    }

    /// <summary>Forgets what was told and what came.</summary>
    public void Expect(params IEnumerable<Func<HttpResponse, Task>> answers)
    {
        Requests.Clear();
        Answers.Clear();
        foreach (var answer in answers)
        {
            Answers.Enqueue(answer);
        }
    }

    /// <summary>An answer with a body.</summary>
    public static Func<HttpResponse, Task> Send(string body, int status = 200, string type = "application/json", params (string Name, string Value)[] headers) => async response =>
    {
        response.StatusCode = status;
        response.ContentType = type;
        foreach (var (name, value) in headers)
        {
            response.Headers[name] = value;
        }

        await response.WriteAsync(body);
    };

    /// <summary>A refusal in OpenAI's format.</summary>
    public static Func<HttpResponse, Task> Refuse(int status, string message = "No.", string code = "", params (string Name, string Value)[] headers) =>
        Send(new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["type"] = "error", ["code"] = code } }.ToJsonString(), status, headers: headers);

    /// <summary>A whole answer in OpenAI's format.</summary>
    public static Func<HttpResponse, Task> Say(string text) => Send(Whole($$"""{"role": "assistant", "content": "{{text}}"}"""));

    /// <summary>The body of a whole answer.</summary>
    public static string Whole(string message, string finishReason = "stop", string usage = """{"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500}""") => $$"""
        {"id": "chatcmpl-1", "object": "chat.completion", "created": 1700000000, "model": "gpt-test",
         "choices": [{"index": 0, "message": {{message}}, "finish_reason": "{{finishReason}}"}], "usage": {{usage}} }
        """;

    /// <summary>An event of a stream, with a delta.</summary>
    public static string Chunk(string delta, string finishReason = "null") =>
        $$"""data: {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1700000000, "model": "gpt-test", "choices": [{"index": 0, "delta": {{delta}}, "finish_reason": {{finishReason}}}]}""" + "\n\n";

    /// <summary>An answer that streams events as they are.</summary>
    public static Func<HttpResponse, Task> Stream(params string[] events) => async response =>
    {
        if (!response.HasStarted)
        {
            response.ContentType = "text/event-stream";
        }

        foreach (var one in events)
        {
            await response.WriteAsync(one);
            await response.Body.FlushAsync();
        }
    };

    /// <summary>An answer that streams events and then breaks the connection.</summary>
    public static Func<HttpResponse, Task> Break(params string[] events) => async response =>
    {
        await Stream(events)(response);
        response.HttpContext.Abort();
    };

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var body = await JsonNode.ParseAsync(context.Request.Body);
        Requests.Enqueue(new UpstreamRequest(body!.AsObject(), context.Request.Headers.Authorization.ToString()));
        if (Answers.Count > 1 ? Answers.TryDequeue(out var answer) : Answers.TryPeek(out answer))
        {
            await answer(context.Response);
        }
    }
}
