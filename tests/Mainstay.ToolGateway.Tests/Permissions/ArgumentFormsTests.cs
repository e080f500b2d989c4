using Mainstay.ToolGateway.Permissions;

namespace Mainstay.ToolGateway.Tests.Permissions;

public sealed class ArgumentFormsTests
{
    [Theory]
    [InlineData("report.md", "report.md")]
    [InlineData("reports/./2026//may.md", "reports/2026/may.md")]
    [InlineData("reports/../sheets/a.csv", "sheets/a.csv")]
    [InlineData("reports/../../etc/passwd", "../etc/passwd")]
    [InlineData("../../a", "../../a")]
    [InlineData("/srv/reports/../../etc/passwd", "/etc/passwd")]
    [InlineData("/../../etc/passwd", "/etc/passwd")]
    [InlineData("..", "..")]
    [InlineData("a/..", "")]
    [InlineData("reports/", "reports")]
    [InlineData("no path ... at all", "no path ... at all")]
    public void AsUsed_Path_HasItsDotsResolved(string text, string form) => Assert.Equal(form, Assert.Single(ArgumentForms.AsUsed(text)));

    [Theory]
    [InlineData(@"reports\..\..\secret", "../secret", @"reports\..\..\secret")]
    [InlineData(@"reports\may.md", "reports/may.md", @"reports\may.md")]
    public void AsUsed_Backslashes_PartNamesAndBelongToThem(string text, params string[] forms) => Assert.Equal(forms, ArgumentForms.AsUsed(text));

    [Theory]
    [InlineData("https://example.com/public/../private", "https://example.com/private")]
    [InlineData("https://example.com/public/%2e%2e/private", "https://example.com/private")]
    [InlineData("HTTPS://EXAMPLE.com:443/a", "https://example.com/a")]
    [InlineData(@"https:\\example.com\public\..\private", "https://example.com/private")]
    [InlineData(" https:/example.com/a", "https://example.com/a")]
    [InlineData("https:example.com/a", "https://example.com/a")]
    [InlineData("https:////example.com/a", "https://example.com/a")]
    [InlineData("https://example.com@elsewhere.org/a", "https://example.com@elsewhere.org/a")]
    [InlineData("file:///srv/reports/../../etc/passwd", "file:///etc/passwd")]
    [InlineData("s3://bucket/reports/../keys", "s3://bucket/keys")]
    public void AsUsed_Address_HasItsDotsResolved(string text, string form) => Assert.Equal(form, Assert.Single(ArgumentForms.AsUsed(text)));

    [Fact]
    public void All_Path_HoldsWhatStandsThereToo() => Assert.Equal(
        ["/etc/passwd", "/srv/../etc/passwd"],
        ArgumentForms.All("/srv/../etc/passwd").Order(StringComparer.Ordinal));
}
