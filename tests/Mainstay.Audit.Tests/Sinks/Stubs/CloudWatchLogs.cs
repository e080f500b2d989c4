using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Mainstay.Audit.Sinks;
using Mainstay.Audit.Sinks.CloudWatch;
using Microsoft.AspNetCore.Http;

namespace Mainstay.Audit.Tests.Sinks.Stubs;

/// <summary>PutLogEvents and CreateLogStream of CloudWatch Logs, with its limits, its order, its times and its signature.</summary>
internal sealed class CloudWatchLogs : StubServer
{
    private const string KeyId = "AKIDEXAMPLE";
    private const string SecretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private const int MostBytes = 1_048_576;
    private const int MostEvents = 10_000;

    private readonly HashSet<string> streams = [];

    /// <summary>How long the group keeps events; older ones are rejected one by one.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(14);

    /// <summary>The times under which events are filed.</summary>
    public List<long> Times { get; } = [];

    public override ISinkType Type { get; } = new CloudWatchSinkType();

    public override IReadOnlyList<(string Key, string Value)> Settings =>
    [
        ("url", Address), ("region", "eu-central-1"), ("log_group", "audit"), ("log_stream", "mainstay"),
        ("access_key_id", KeyId), ("secret_access_key", SecretKey), ("gathering", "0s"),
    ];

    protected override async Task AnswerAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer);
        if (!IsSigned(context.Request, buffer.ToArray()))
        {
            await FailAsync(context, "InvalidSignatureException", "signature");
            return;
        }

        var request = JsonNode.Parse(buffer.ToArray())!.AsObject();
        var stream = $"{request["logGroupName"]}/{request["logStreamName"]}";
        if (context.Request.Headers["x-amz-target"] == "Logs_20140328.CreateLogStream")
        {
            await (streams.Add(stream) ? Task.CompletedTask : FailAsync(context, "ResourceAlreadyExistsException", "stream"));
            return;
        }

        if (!streams.Contains(stream))
        {
            await FailAsync(context, "ResourceNotFoundException", "no stream");
            return;
        }

        await PutAsync(context, request["logEvents"]!.AsArray());
    }

    private async Task PutAsync(HttpContext context, JsonArray events)
    {
        var times = events.Select(one => (long)one!["timestamp"]!).ToList();
        var bytes = events.Sum(one => Encoding.UTF8.GetByteCount((string)one!["message"]!) + 26);
        if (events.Count is 0 or > MostEvents || bytes > MostBytes || !times.SequenceEqual(times.Order()) || times[^1] - times[0] > 24 * 3_600_000)
        {
            await FailAsync(context, "InvalidParameterException", "limits");
            return;
        }

        var now = TimeProvider.System.GetUtcNow();
        var oldest = (now - Retention).ToUnixTimeMilliseconds();
        var newest = now.AddHours(2).ToUnixTimeMilliseconds();
        var tooOld = times.Count(time => time < oldest);
        var answer = new JsonObject();
        if (tooOld > 0 || times[^1] > newest)
        {
            answer["rejectedLogEventsInfo"] = new JsonObject { [Retention.TotalDays < 14 ? "expiredLogEventEndIndex" : "tooOldLogEventEndIndex"] = tooOld };
            Refusals.Enqueue("times");
        }

        lock (Times)
        {
            Times.AddRange(times.Skip(tooOld));
        }

        foreach (var one in events.Skip(tooOld))
        {
            Taken.Enqueue(JsonNode.Parse((string)one!["message"]!)!.AsObject());
        }

        await context.Response.WriteAsync(answer.ToJsonString());
    }

    private Task FailAsync(HttpContext context, string error, string why) =>
        RefuseAsync(context, StatusCodes.Status400BadRequest, $$"""{"__type":"com.amazonaws.logs#{{error}}","message":"refused"}""", why);

    private static bool IsSigned(HttpRequest request, byte[] body)
    {
        var headers = request.Headers;
        var date = headers["x-amz-date"].ToString();
        var names = headers.Authorization.ToString().Split("SignedHeaders=")[^1].Split(',')[0];
        var scope = $"{date[..8]}/eu-central-1/logs/aws4_request";
        var canonical = $"POST\n/\n\n{string.Concat(names.Split(';').Select(name => $"{name}:{headers[name]}\n"))}\n{names}\n{Convert.ToHexStringLower(SHA256.HashData(body))}";
        var signed = $"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = ((string[])[date[..8], "eu-central-1", "logs", "aws4_request"])
            .Aggregate(Encoding.UTF8.GetBytes("AWS4" + SecretKey), (key, part) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part)));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)));
        return headers.Authorization == $"AWS4-HMAC-SHA256 Credential={KeyId}/{scope}, SignedHeaders={names}, Signature={signature}"
            && names.Split(';').Intersect(["host", "x-amz-date", "x-amz-target"]).Count() == 3;
    }
}
