using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Mainstay.Demo;

/// <summary>A security team's receiver: takes signed audit events (Standard Webhooks) and keeps those that verify.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, AuditEntry> entries = new();
    private readonly SemaphoreSlim arrived = new(0);
    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    private readonly WebApplication application;

    private WebhookReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        application = builder.Build();
        application.Urls.Add("http://127.0.0.1:0");
        application.MapPost("/audit", TakeAsync);
    }

    public string Url => $"{application.Urls.First()}/audit";

    public string Secret => $"whsec_{Convert.ToBase64String(key)}";

    public static async Task<WebhookReceiver> StartAsync(CancellationToken cancellationToken)
    {
        var receiver = new WebhookReceiver();
        await receiver.application.StartAsync(cancellationToken);
        return receiver;
    }

    /// <summary>The task's events in the order of the trail, once its last one is here.</summary>
    public async Task<IReadOnlyList<AuditEntry>> WaitForTaskAsync(string taskId, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LongestWait);
        try
        {
            while (!entries.Values.Any(entry => entry.WorkflowId == taskId && entry.Action == "task_end"))
            {
                await arrived.WaitAsync(patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Console.WriteLine($"  The end of {taskId} has not reached the sink within {LongestWait.TotalSeconds:0} s.");
        }

        return [.. entries.Values.Where(entry => entry.WorkflowId == taskId).OrderBy(entry => entry.Sequence)];
    }

    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        arrived.Dispose();
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        if (!IsSigned(request, body))
        {
            return Results.Unauthorized();
        }

        // Deliveries may come twice; the event's id tells.
        var entry = AuditEntry.Read(JsonDocument.Parse(body).RootElement.GetProperty("data"));
        entries.TryAdd(entry.EventId, entry);
        arrived.Release();
        return Results.NoContent();
    }

    private bool IsSigned(HttpRequest request, string body)
    {
        var signed = Encoding.UTF8.GetBytes($"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}.{body}");
        var expected = Encoding.ASCII.GetBytes($"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}");
        return request.Headers["webhook-signature"].ToString().Split(' ').Any(given => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(given), expected));
    }
}
