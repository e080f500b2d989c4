using Mainstay.ToolGateway.Connectors;

namespace Mainstay.ToolGateway.Tests.Connectors;

public sealed class ConnectorSecretsTests
{
    private readonly ConnectorSecrets secrets = new(new ConnectorOptions(
        "crm",
        "node",
        [],
        new Dictionary<string, string> { ["LICENCE"] = "abcdef", ["TOKEN"] = "abcdef-123456", ["MODE"] = "fast" },
        null,
        null,
        new Dictionary<string, string> { ["authorization"] = "Bearer 0a1b2c3d" },
        TimeSpan.FromSeconds(60),
        TimeSpan.FromSeconds(30)));

    [Theory]
    [InlineData("the licence abcdef has expired", "the licence *** has expired")]
    [InlineData("token=abcdef-123456", "token=***")]
    [InlineData("0a1b2c3d is not valid", "*** is not valid")]
    [InlineData("running fast", "running fast")]
    [InlineData("  first\r\nsecond\n", "first second")]
    public void Hide_Text_IsShownWithoutWhatTheConnectorWasGiven(string text, string shown) => Assert.Equal(shown, secrets.Hide(text));

    [Fact]
    public void Hide_LongText_IsCut() => Assert.Equal(500, secrets.Hide(new string('x', 100_000)).Length);

    [Fact]
    public void Hide_SecretAcrossTheCut_ShowsNoPartOfIt() =>
        Assert.DoesNotContain("abc", secrets.Hide(new string('x', 498) + "abcdef"), StringComparison.Ordinal);
}
