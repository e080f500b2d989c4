using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.Audit.Sinks.Http;

namespace Mainstay.Audit.Sinks.Splunk;

/// <summary>Speaks with the HTTP Event Collector, over one channel.</summary>
internal sealed class HecClient(Uri url, string token, bool withChannel, SinkHttp http) : IDisposable
{
    private const string ChannelHeader = "X-Splunk-Request-Channel";

    private readonly string channel = Guid.NewGuid().ToString();

    /// <summary>Posts events, one JSON object after the other.</summary>
    public async Task<HecAnswer> SendAsync(string events, CancellationToken cancellationToken)
    {
        using var request = Request("/services/collector/event", events);
        return HecAnswer.Read(await http.SendAsync(request, cancellationToken));
    }

    /// <summary>Asks whether the indexers have what was posted; no answer is no.</summary>
    public async Task<bool> IsAcknowledgedAsync(long ackId, CancellationToken cancellationToken)
    {
        using var request = Request("/services/collector/ack", $$"""{"acks":[{{ackId}}]}""");
        var answer = await http.SendAsync(request, cancellationToken);
        try
        {
            return answer.IsSuccess && (bool?)JsonNode.Parse(answer.Body)?["acks"]?[$"{ackId}"] == true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    public void Dispose() => http.Dispose();

    private HttpRequestMessage Request(string path, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, path))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            Headers = { Authorization = new AuthenticationHeaderValue("Splunk", token) },
        };
        if (withChannel)
        {
            request.Headers.Add(ChannelHeader, channel);
        }

        return request;
    }
}
