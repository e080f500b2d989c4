using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Mainstay.Skills.Tests.Archives;

namespace Mainstay.Skills.Tests.Rest;

public sealed class RestTests(SkillsFixture skills) : IClassFixture<SkillsFixture>
{
    private readonly string name = SkillsFixture.NewSkill().SkillName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Skill_FromArchiveToWithdrawal_GoesByPlainHttp()
    {
        using var http = Client("ada", "skills:publish");
        var archive = ArchiveBuilder.Zip(("SKILL.md", ArchiveBuilder.Document.Replace("NAME", name, StringComparison.Ordinal)));

        Assert.Equal("SKILL_STATE_DRAFT", (await SendAsync(http, HttpMethod.Post, "/v1/skills:import?draft=true", new ByteArrayContent(archive)))["skill"]!["state"]!.GetValue<string>());
        await SendAsync(http, HttpMethod.Post, $"/v1/skills/{name}/versions/1.0.0/publish", null);
        await SendAsync(http, HttpMethod.Put, $"/v1/skills/{name}/aliases/production", JsonContent.Create(new { version = "1.0.0" }));
        Assert.Equal("1.0.0", (await SendAsync(http, HttpMethod.Get, $"/v1/skills/{name}/resolve?reference=production", null))["version"]!.GetValue<string>());
        Assert.Equal(
            "Review B-7.",
            (await SendAsync(http, HttpMethod.Post, $"/v1/skills/{name}/versions/1.0.0/render", JsonContent.Create(new { variables = new { sheet = "B-7" } })))["prompt"]!.GetValue<string>());
        Assert.NotEmpty(await http.GetByteArrayAsync($"/v1/skills/{name}/versions/1.0.0/archive", Cancellation));
        Assert.Contains(
            (await SendAsync(http, HttpMethod.Get, "/v1/skills?page_size=1000&tags=bess&tags=review", null))["skills"]!.AsArray(),
            skill => skill!["skill_name"]!.GetValue<string>() == name);
        await SendAsync(http, HttpMethod.Post, $"/v1/skills/{name}/versions/1.0.0/withdraw", JsonContent.Create(new { reason = "Wrong." }));
        Assert.Equal("Wrong.", (await SendAsync(http, HttpMethod.Get, $"/v1/skills/{name}/versions/1.0.0", null))["skill"]!["state_reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task Refusal_ByPlainHttp_HasCodeReasonAndField()
    {
        using var http = Client("ada", "skills:publish");

        var answer = await http.PostAsJsonAsync("/v1/skills", new { skill = new { skill_name = "X" } }, Cancellation);
        var status = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("SKILL_ERROR_REASON_FIELD_INVALID", status["details"]![0]!["type"]!.GetValue<string>());
        Assert.Equal("skill.skill_name", status["details"]![1]!["field_violations"]![0]!["field"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("GET", "/v1/skills/no-such-skill", null, HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1/skills?colour=red", null, HttpStatusCode.BadRequest)]
    [InlineData("POST", "/v1/skills", "{", HttpStatusCode.BadRequest)]
    [InlineData("POST", "/v1/skills", "[]", HttpStatusCode.BadRequest)]
    [InlineData("POST", "/v1/skills:import", "no archive", HttpStatusCode.BadRequest)]
    public async Task Call_ThatCannotBeCarriedOut_IsRefused(string method, string path, string? body, HttpStatusCode code)
    {
        using var http = Client("ada", "skills:publish");
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body) };

        Assert.Equal(code, (await http.SendAsync(request, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Call_WithoutTokenOrScope_IsDenied()
    {
        using var nobody = new HttpClient { BaseAddress = skills.Service.HttpAddress };
        using var reader = Client("reader", "");

        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("/v1/skills", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.PostAsJsonAsync("/v1/skills", new { }, Cancellation)).StatusCode);
    }

    private HttpClient Client(string subject, string scope) => new()
    {
        BaseAddress = skills.Service.HttpAddress,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", skills.Service.Tokens.Create(subject, ("rbac_scope", scope))) },
    };

    private static async Task<JsonNode> SendAsync(HttpClient http, HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        var answer = await http.SendAsync(request, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
