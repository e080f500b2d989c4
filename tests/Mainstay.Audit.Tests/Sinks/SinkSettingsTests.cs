using Mainstay.Audit.Sinks;
using Mainstay.ServiceDefaults.Configuration;
using Microsoft.Extensions.Configuration;

namespace Mainstay.Audit.Tests.Sinks;

public sealed class SinkSettingsTests
{
    private const string Secret = "whsec_YaZLIPLR633A/6wbRBMihXkaAeNNH1r0+qtkpewnXJ8=";

    private static readonly Dictionary<string, string?> Webhook = new()
    {
        ["name"] = "siem",
        ["type"] = "webhook",
        ["url"] = "https://siem.example/audit",
        ["secret"] = Secret,
    };

    [Theory]
    [InlineData("name", null, "'audit:sinks:0:name' is not set.")]
    [InlineData("type", "telegraph", "'audit:sinks:0:type' must be one of amqp, cloudwatch, datadog, file, otlp, splunk, webhook, not 'telegraph'.")]
    [InlineData("format", "xml", "'audit:sinks:0:format' must be one of plain, cloudevents, ocsf, not 'xml'.")]
    [InlineData("start", "yesterday", "'audit:sinks:0:start' must be one of beginning, now, not 'yesterday'.")]
    [InlineData("url", "ftp://example.org", "'audit:sinks:0:url' must be an http or https address.")]
    [InlineData("url", "https://ada:secret@example.org", "'audit:sinks:0:url' must be an http or https address.")]
    [InlineData("secret", null, "'audit:sinks:0:secret' is not set.")]
    [InlineData("timeout", "soon", "'audit:sinks:0:timeout' must be a duration such as 500ms, 30s, 5m or 2h, not 'soon'.")]
    [InlineData("longest_backoff", "500ms", "'audit:sinks:0:longest_backoff' must not be shorter than first_backoff.")]
    [InlineData("include", "tool_call", "'audit:sinks:0:include' must be a list by field.")]
    [InlineData("include:colour:0", "red", "'audit:sinks:0:include:colour' is not a field to filter by; those are service, action, result, workflow_id, agent_id, rbac_scope, resource.connector, resource.project_id, user_context.initiated_by, policy.decision.")]
    [InlineData("redact:0", "event_id", "'audit:sinks:0:redact' cannot name 'event_id': every receiver needs event_id, timestamp, action, result, service, schema_version.")]
    [InlineData("colour", "red", "'audit:sinks:0:colour' is not a known key of a sink of type 'webhook'; known are name, type, format, include, exclude, redact, remove, start, first_backoff, longest_backoff, url, secret, timeout.")]
    public void AddSinks_BadEntry_IsRefusedByItsKey(string key, string? value, string message) => Assert.Equal(message, Refusal([With(Webhook, key, value)]));

    [Theory]
    [InlineData("datadog", "api_key", "'audit:sinks:0:api_key' is not set.")]
    [InlineData("cloudwatch", "region", "'audit:sinks:0:region' is not set.")]
    [InlineData("splunk", "url", "'audit:sinks:0:url' is not set.")]
    [InlineData("file", "path", "'audit:sinks:0:path' is not set.")]
    [InlineData("amqp", "uri", "'audit:sinks:0:uri' is not set.")]
    [InlineData("otlp", "endpoint", "'audit:sinks:0:endpoint' is not set.")]
    public void AddSinks_KeyOfTheTypeMissing_IsRefusedByItsKey(string type, string key, string message)
    {
        Assert.Contains(key, AuditApplication.SinkTypes.Single(one => one.Type == type).Keys);
        Assert.Equal(message, Refusal([new() { ["name"] = "siem", ["type"] = type }]));
    }

    [Theory]
    [InlineData("log_group", "audit trail", "'audit:sinks:0:log_group' must be 1 to 512 of letters, digits and . - _ / #.")]
    [InlineData("log_group", "arn:aws:logs:eu-central-1:1:log-group:audit", "'audit:sinks:0:log_group' must be 1 to 512 of letters, digits and . - _ / #.")]
    [InlineData("log_stream", "main:stay", "'audit:sinks:0:log_stream' must be 1 to 512 characters without : and *.")]
    public void AddSinks_NameThatCloudWatchRefuses_IsRefusedByItsKey(string key, string value, string message)
    {
        Dictionary<string, string?> settings = new()
        {
            ["name"] = "siem",
            ["type"] = "cloudwatch",
            ["region"] = "eu-central-1",
            ["log_group"] = "/mainstay/audit_1.2-#",
            ["log_stream"] = "main stay",
        };

        Assert.Equal(message, Refusal([With(settings, key, value)]));
    }

    [Theory]
    [InlineData("webhook", "secret", "hunter2")]
    [InlineData("datadog", "api_key", "hunter2\n")]
    [InlineData("splunk", "token", "hunter2\n")]
    [InlineData("amqp", "uri", "http://ada:hunter2@example.org")]
    [InlineData("otlp", "headers:authorization", "hunter2\n")]
    public void AddSinks_BadSecret_IsNotShown(string type, string key, string value)
    {
        var message = Refusal([With(
            new() { ["name"] = "siem", ["type"] = type, ["url"] = "https://siem.example", ["endpoint"] = "https://siem.example" }, key, value, onlyKnown: true)]);

        Assert.StartsWith($"'audit:sinks:0:{key}'", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddSinks_NameTwice_IsRefused() =>
        Assert.Equal("'audit:sinks:1:name' is 'siem', which another sink has already.", Refusal([Webhook, Webhook]));

    private static Dictionary<string, string?> With(Dictionary<string, string?> settings, string key, string? value, bool onlyKnown = false)
    {
        IEnumerable<string> known = onlyKnown ? AuditApplication.SinkTypes.Single(type => type.Type == settings["type"]).Keys : settings.Keys;
        return new(settings.Where(pair => known.Contains(pair.Key) || pair.Key is "name" or "type")) { [key] = value };
    }

    private static string Refusal(IReadOnlyList<Dictionary<string, string?>> sinks)
    {
        var values = sinks.Index().SelectMany(sink => sink.Item.Select(pair => KeyValuePair.Create($"audit:sinks:{sink.Index}:{pair.Key}", pair.Value)));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        return Assert.Throws<MainstayConfigurationException>(() => ReadSinks.From(configuration, AuditApplication.SinkTypes)).Message;
    }
}
