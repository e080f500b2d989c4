using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Mainstay.Audit.Sinks;
using Mainstay.Audit.Sinks.Webhook;
using Microsoft.AspNetCore.Http;

namespace Mainstay.Audit.Tests.Sinks.Stubs;

/// <summary>A receiver by Standard Webhooks: one good signature is enough, times may differ by five minutes.</summary>
internal sealed class WebhookReceiver : StubServer
{
    public const string Secret = "whsec_YaZLIPLR633A/6wbRBMihXkaAeNNH1r0+qtkpewnXJ8=";

    private const int Tolerance = 300;

    /// <summary>The secret that it knows; a sender may be ahead or behind.</summary>
    public string Knows { get; set; } = Secret;

    /// <summary>The action of an event that it does not take.</summary>
    public string Poison { get; set; } = "";

    /// <summary>What was signed of each delivery that was taken, and its signatures.</summary>
    public ConcurrentQueue<(byte[] Signed, string Signatures)> Signed { get; } = new();

    public override ISinkType Type { get; } = new WebhookSinkType();

    public override IReadOnlyList<(string Key, string Value)> Settings => [("url", Address), ("secret", Secret)];

    protected override async Task AnswerAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer);
        var headers = context.Request.Headers;
        var key = Convert.FromBase64String(Knows["whsec_".Length..]);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{headers["webhook-id"]}.{headers["webhook-timestamp"]}."), .. buffer.ToArray()];
        var expected = $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}";
        var age = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - long.Parse(headers["webhook-timestamp"]!);
        if (!headers["webhook-signature"].ToString().Split(' ').Contains(expected) || Math.Abs(age) > Tolerance)
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "", "signature");
            return;
        }

        var body = JsonNode.Parse(buffer.ToArray())!.AsObject();
        if (headers.ContentType.ToString().StartsWith("application/cloudevents+json", StringComparison.Ordinal) != body.ContainsKey("specversion"))
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, "", "content type");
            return;
        }

        if ((string?)body["data"]!["action"] == Poison)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "", "poison");
            return;
        }

        Signed.Enqueue((signed, headers["webhook-signature"].ToString()));
        Taken.Enqueue(body["data"]!.AsObject());
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
