using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Mainstay.Orchestrator.Tests;

/// <summary>A model behind OpenAI's interface: it answers everything alike and keeps what it was asked.</summary>
public sealed class RecordingModel : IAsyncDisposable
{
    private const string Answer = """
        data: {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "recorded", "choices": [{"index": 0, "delta": {"role": "assistant", "content": "{\"verdict\": \"pass\"}"}, "finish_reason": null}]}

        data: {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "recorded", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}

        data: [DONE]


        """;

    private readonly WebApplication application;

    private RecordingModel(WebApplication application) => this.application = application;

    /// <summary>What came, in order.</summary>
    public ConcurrentQueue<JsonObject> Requests { get; } = [];

    public string BaseUrl => $"{application.Urls.Single()}/v1";

    public static async Task<RecordingModel> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var model = new RecordingModel(builder.Build());
        model.application.MapPost("/v1/chat/completions", model.AnswerAsync);
        await model.application.StartAsync(cancellationToken);
        return model;
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue((await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!.AsObject());
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(Answer, context.RequestAborted);
    }
}
