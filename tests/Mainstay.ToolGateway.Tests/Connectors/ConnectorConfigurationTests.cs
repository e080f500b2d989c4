using Mainstay.ServiceDefaults.Configuration;
using Mainstay.ToolGateway.Connectors;
using Microsoft.Extensions.Configuration;

namespace Mainstay.ToolGateway.Tests.Connectors;

public sealed class ConnectorConfigurationTests
{
    [Fact]
    public void Read_Defaults_AreAMinuteForACallAndHalfOfOneForTheStart()
    {
        var connector = Assert.Single(ConnectorConfiguration.Read(Configuration()));

        Assert.Equal(("files", "node", null, null), (connector.Name, connector.Command, connector.WorkingDirectory, connector.Url));
        Assert.Equal((TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(30)), (connector.Timeout, connector.StartTimeout));
    }

    [Theory]
    [InlineData("name", null, "'tools:connectors:0:name' is not set.")]
    [InlineData("name", "My Files", "'tools:connectors:0:name' must be 1 to 64 characters of [a-z0-9-], not 'My Files'.")]
    [InlineData("type", "carrier-pigeon", "'tools:connectors:0:type' must be stdio or http, not 'carrier-pigeon'.")]
    [InlineData("command", null, "'tools:connectors:0:command' is not set.")]
    [InlineData("arguments", "index.js", "'tools:connectors:0:arguments' must be a list such as [first, second], not 'index.js'.")]
    [InlineData("environment", "A=b", "'tools:connectors:0:environment' must be names and values such as { NAME: value }.")]
    [InlineData("timeout", "0s", "'tools:connectors:0:timeout' must be more than 0 and at most 24h, not '0s'.")]
    [InlineData("start_timeout", "25h", "'tools:connectors:0:start_timeout' must be more than 0 and at most 24h, not '25h'.")]
    [InlineData("timeout", "soon", "'tools:connectors:0:timeout' must be a duration such as 500ms, 30s, 5m or 2h, not 'soon'.")]
    public void Read_BadEntry_IsRefusedByItsKey(string key, string? value, string message) =>
        Assert.Equal(message, Assert.Throws<MainstayConfigurationException>(() => ConnectorConfiguration.Read(Configuration((key, value)))).Message);

    [Theory]
    [InlineData("ftp://example.org")]
    [InlineData("example.org/mcp")]
    public void Read_UrlThatIsNone_IsRefused(string url) => Assert.Equal(
        $"'tools:connectors:0:url' must be an http or https address, not '{url}'.",
        Assert.Throws<MainstayConfigurationException>(() => ConnectorConfiguration.Read(Configuration(("type", "http"), ("command", null), ("url", url)))).Message);

    [Theory]
    [InlineData("colour", "red")]
    [InlineData("url", "http://127.0.0.1/mcp")]
    public void Read_KeyThatTheTypeDoesNotHave_IsRefused(string key, string value) => Assert.StartsWith(
        $"'tools:connectors:0:{key}' is not a known key",
        Assert.Throws<MainstayConfigurationException>(() => ConnectorConfiguration.Read(Configuration((key, value)))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Read_NameTwice_IsRefused()
    {
        var values = new[] { 0, 1 }.SelectMany(i => new Dictionary<string, string?>
        {
            [$"tools:connectors:{i}:name"] = "files",
            [$"tools:connectors:{i}:type"] = "stdio",
            [$"tools:connectors:{i}:command"] = "node",
        });

        Assert.Equal(
            "'tools:connectors' has the name 'files' more than once; each connector needs a name of its own.",
            Assert.Throws<MainstayConfigurationException>(() => ConnectorConfiguration.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build())).Message);
    }

    private static IConfigurationRoot Configuration(params (string Key, string? Value)[] changes)
    {
        var values = new Dictionary<string, string?>
        {
            ["tools:connectors:0:name"] = "files",
            ["tools:connectors:0:type"] = "stdio",
            ["tools:connectors:0:command"] = "node",
        };
        foreach (var (key, value) in changes)
        {
            values[$"tools:connectors:0:{key}"] = value;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(values.Where(pair => pair.Value is not null)).Build();
    }
}
