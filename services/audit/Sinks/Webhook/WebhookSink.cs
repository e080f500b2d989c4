using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Mainstay.Audit.Search;

namespace Mainstay.Audit.Sinks.Webhook;

/// <summary>Posts each event to an address, signed (Standard Webhooks); the event's id is the <c>webhook-id</c>, by which a receiver knows a repetition.</summary>
internal sealed class WebhookSink(string name, Uri url, WebhookSignature signature, TimeSpan timeout, Backoff backoff, TimeProvider clock) : IAuditSink, IDisposable
{
    // A redirect would carry a signed event to an address that nobody configured.
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = timeout };

    public string Name => name;

    public int MostEvents => 1;

    public Backoff Backoff => backoff;

    public async Task<Delivery> DeliverAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            using var request = Request(events[0]);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode
                ? new Delivery(1)
                : new Delivery(0, $"it answered {(int)response.StatusCode}", RetryAfter(response.Headers.RetryAfter), response.StatusCode == HttpStatusCode.Gone);
        }
        catch (HttpRequestException exception)
        {
            return new Delivery(0, $"it could not be reached ({exception.HttpRequestError})");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Delivery(0, $"it did not answer within {timeout}");
        }
    }

    public void Dispose() => http.Dispose();

    private HttpRequestMessage Request(StoredEvent stored)
    {
        var data = JsonNode.Parse(stored.Entry)!.AsObject();
        var id = (string)data["event_id"]!;
        data["sequence"] = stored.Sequence;
        data["hash"] = stored.Hash;
        var body = new JsonObject
        {
            ["type"] = $"audit.{(string)data["action"]!}",
            ["timestamp"] = data["timestamp"]!.DeepClone(),
            ["data"] = data,
        }.ToJsonString();

        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        return new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            Headers =
            {
                { "webhook-id", id },
                { "webhook-timestamp", now.ToString(CultureInfo.InvariantCulture) },
                { "webhook-signature", signature.Sign(id, now, body) },
            },
        };
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - clock.GetUtcNow(),
        _ => null,
    };
}
