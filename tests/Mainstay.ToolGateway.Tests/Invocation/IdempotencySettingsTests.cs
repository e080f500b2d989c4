using Mainstay.ServiceDefaults.Configuration;
using Mainstay.ToolGateway.Invocation;
using Microsoft.Extensions.Configuration;

namespace Mainstay.ToolGateway.Tests.Invocation;

public sealed class IdempotencySettingsTests
{
    [Fact]
    public void Read_Nothing_IsHalfAMinuteAndAWeek() =>
        Assert.Equal(new IdempotencySettings(TimeSpan.FromSeconds(30), TimeSpan.FromDays(7)), IdempotencySettings.Read(Configuration([])));

    [Fact]
    public void Read_Values_AreTaken() => Assert.Equal(
        new IdempotencySettings(TimeSpan.FromSeconds(5), TimeSpan.FromHours(2)),
        IdempotencySettings.Read(Configuration(new() { ["lease"] = "5s", ["retention"] = "2h" })));

    [Theory]
    [InlineData("lease", "0s", "'tools:idempotency:lease' must be more than 0, not '0s'.")]
    [InlineData("retention", "long", "'tools:idempotency:retention' must be a duration such as 500ms, 30s, 5m or 2h, not 'long'.")]
    [InlineData("leese", "5s", "'tools:idempotency:leese' is not a known key. The keys here are lease, retention.")]
    public void Read_BadEntry_IsRefusedByItsKey(string key, string value, string message) => Assert.Equal(
        message,
        Assert.Throws<MainstayConfigurationException>(() => IdempotencySettings.Read(Configuration(new() { [key] = value }))).Message);

    private static IConfigurationRoot Configuration(Dictionary<string, string?> values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(pair => KeyValuePair.Create($"tools:idempotency:{pair.Key}", pair.Value)))
        .Build();
}
