using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Mainstay.Audit.Sinks;
using Mainstay.Audit.Sinks.CloudWatch;
using Microsoft.AspNetCore.Http;

namespace Mainstay.Audit.Tests.Sinks.Stubs;

/// <summary>PutLogEvents and CreateLogStream of CloudWatch Logs, with its limits, its order, its times, its one log group and its signature, which is good for five minutes.</summary>
internal sealed class CloudWatchLogs : StubServer
{
    private const string KeyId = "AKIDEXAMPLE";
    private const string SecretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private const int MostBytes = 1_048_576;
    private const int MostEvents = 10_000;
    private const string Group = "audit";

    private static readonly TimeSpan LongestSkew = TimeSpan.FromMinutes(5);

    private readonly HashSet<string> streams = [];

    /// <summary>How long the group keeps events; older ones are rejected one by one.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How far ahead an event's time may be.</summary>
    public TimeSpan LongestLead { get; set; } = TimeSpan.FromHours(2);

    /// <summary>Whether there have been too many calls of CreateLogStream.</summary>
    public bool ThrottlesCreation { get; set; }

    /// <summary>The times under which events are filed.</summary>
    public List<long> Times { get; } = [];

    public override ISinkType Type { get; } = new CloudWatchSinkType();

    public override IReadOnlyList<(string Key, string Value)> Settings =>
    [
        ("url", Address), ("region", "eu-central-1"), ("log_group", Group), ("log_stream", "mainstay"),
        ("access_key_id", KeyId), ("secret_access_key", SecretKey), ("gathering", "0s"),
    ];

    protected override async Task AnswerAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer);
        if (Refusal(context.Request, buffer.ToArray()) is { } refusal)
        {
            await FailAsync(context, refusal.Error, refusal.Why, refusal.Message);
            return;
        }

        var request = JsonNode.Parse(buffer.ToArray())!.AsObject();
        var stream = (string)request["logStreamName"]!;
        if ((string?)request["logGroupName"] != Group)
        {
            await FailAsync(context, "ResourceNotFoundException", "no group");
        }
        else if (context.Request.Headers["x-amz-target"] == "Logs_20140328.CreateLogStream")
        {
            await CreateAsync(context, stream);
        }
        else if (!streams.Contains(stream))
        {
            await FailAsync(context, "ResourceNotFoundException", "no stream");
        }
        else
        {
            await PutAsync(context, request["logEvents"]!.AsArray());
        }
    }

    private Task CreateAsync(HttpContext context, string stream) =>
        ThrottlesCreation ? FailAsync(context, "ThrottlingException", "throttled")
        : streams.Add(stream) ? Task.CompletedTask
        : FailAsync(context, "ResourceAlreadyExistsException", "stream");

    private async Task PutAsync(HttpContext context, JsonArray events)
    {
        var times = events.Select(one => (long)one!["timestamp"]!).ToList();
        var bytes = events.Sum(one => Encoding.UTF8.GetByteCount((string)one!["message"]!) + 26);
        if (events.Count is 0 or > MostEvents || events.Any(one => (string)one!["message"]! == "") || bytes > MostBytes || !times.SequenceEqual(times.Order()) || times[^1] - times[0] > 24 * 3_600_000)
        {
            await FailAsync(context, "InvalidParameterException", "limits");
            return;
        }

        var now = TimeProvider.System.GetUtcNow();
        var oldest = (now - Retention).ToUnixTimeMilliseconds();
        var newest = (now + LongestLead).ToUnixTimeMilliseconds();
        var tooOld = times.Count(time => time < oldest);
        var tooNew = times.Count(time => time <= newest);
        var info = new JsonObject();
        if (tooOld > 0)
        {
            info[Retention.TotalDays < 14 ? "expiredLogEventEndIndex" : "tooOldLogEventEndIndex"] = tooOld;
        }

        if (tooNew < times.Count)
        {
            info["tooNewLogEventStartIndex"] = tooNew;
        }

        if (info.Count > 0)
        {
            Refusals.Enqueue("times");
        }

        lock (Times)
        {
            Times.AddRange(times.Take(tooNew).Skip(tooOld));
        }

        foreach (var one in events.Take(tooNew).Skip(tooOld))
        {
            Taken.Enqueue(JsonNode.Parse((string)one!["message"]!)!.AsObject());
        }

        await context.Response.WriteAsync((info.Count > 0 ? new JsonObject { ["rejectedLogEventsInfo"] = info } : []).ToJsonString());
    }

    private Task FailAsync(HttpContext context, string error, string why, string message = "refused") =>
        RefuseAsync(context, StatusCodes.Status400BadRequest, $$"""{"__type":"com.amazonaws.logs#{{error}}","message":"{{message}}"}""", why);

    private static (string Error, string Why, string Message)? Refusal(HttpRequest request, byte[] body)
    {
        var date = request.Headers["x-amz-date"].ToString();
        var age = TimeProvider.System.GetUtcNow() - DateTimeOffset.ParseExact(date, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return age > LongestSkew ? ("InvalidSignatureException", "clock", $"Signature expired: {date} is now too early")
            : age < -LongestSkew ? ("InvalidSignatureException", "clock", $"Signature not yet current: {date} is still later")
            : !IsSigned(request, body) ? ("InvalidSignatureException", "signature", "The request signature we calculated does not match the signature you provided.")
            : request.ContentType != "application/x-amz-json-1.1" ? ("SerializationException", "form", "refused")
            : request.Headers["x-amz-target"].ToString() is not ("Logs_20140328.PutLogEvents" or "Logs_20140328.CreateLogStream") ? ("UnknownOperationException", "form", "refused")
            : null;
    }

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
