using Mainstay.Audit.Sinks;
using Mainstay.Audit.Sinks.Webhook;
using Mainstay.ServiceDefaults.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace Mainstay.Audit.Tests.Sinks;

public sealed class SinkSettingsTests
{
    private const string Secret = "whsec_YaZLIPLR633A/6wbRBMihXkaAeNNH1r0+qtkpewnXJ8=";

    [Theory]
    [InlineData("name", null, "'audit:sinks:0:name' is not set.")]
    [InlineData("type", "telegraph", "'audit:sinks:0:type' must be one of webhook, not 'telegraph'.")]
    [InlineData("url", "ftp://example.org", "'audit:sinks:0:url' must be an http or https address.")]
    [InlineData("secret", null, "'audit:sinks:0:secret' is not set.")]
    [InlineData("timeout", "soon", "'audit:sinks:0:timeout' must be a duration such as 500ms, 30s, 5m or 2h, not 'soon'.")]
    [InlineData("colour", "red", "'audit:sinks:0:colour' is not a known key of a sink of type 'webhook'; known are name, type, url, secret, timeout, first_backoff, longest_backoff.")]
    public void AddSinks_BadEntry_IsRefusedByItsKey(string key, string? value, string message) =>
        Assert.Equal(message, Assert.Throws<MainstayConfigurationException>(() => AddSinks((0, key, value))).Message);

    [Fact]
    public void AddSinks_BadSecret_IsNotShown()
    {
        var exception = Assert.Throws<MainstayConfigurationException>(() => AddSinks((0, "secret", "hunter2")));

        Assert.DoesNotContain("hunter2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddSinks_NameTwice_IsRefused() => Assert.Equal(
        "'audit:sinks:1:name' is 'siem', which another sink has already.",
        Assert.Throws<MainstayConfigurationException>(() => AddSinks((1, "name", "siem"))).Message);

    private static void AddSinks((int Index, string Key, string? Value) change)
    {
        var values = new Dictionary<string, string?>();
        for (var i = 0; i <= change.Index; i++)
        {
            values[$"audit:sinks:{i}:name"] = "siem";
            values[$"audit:sinks:{i}:type"] = "webhook";
            values[$"audit:sinks:{i}:url"] = "https://siem.example/audit";
            values[$"audit:sinks:{i}:secret"] = Secret;
        }

        values[$"audit:sinks:{change.Index}:{change.Key}"] = change.Value;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(values);
        builder.AddSinks(new WebhookSinkType());
    }
}
