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
    public async Task EachOtherCall_ByPlainHttp_AnswersAsOverGrpc()
    {
        using var http = Client("ada", "skills:publish");
        await RegisterAsync(http, "1.0.0", "Review {{ sheet }}.");
        await RegisterAsync(http, "1.1.0", "Review {{ sheet }} twice.");
        await SendAsync(http, HttpMethod.Put, $"/v1/skills/{name}/aliases/production", JsonContent.Create(new { version = "1.0.0" }));
        await SendAsync(http, HttpMethod.Put, $"/v1/skills/{name}/visibility", JsonContent.Create(new { visibility = new { everyone = true } }));
        await SendAsync(http, HttpMethod.Post, $"/v1/skills/{name}/versions/1.0.0/deprecate", JsonContent.Create(new { reason = "Old." }));

        Assert.Equal("1.1.0", Text(await GetAsync(http, ""), "skill", "version"));
        Assert.Equal(["1.1.0", "1.0.0"], (await GetAsync(http, "/versions"))["skills"]!.AsArray().Select(version => Text(version!, "version")));
        Assert.Equal("SKILL_STATE_DEPRECATED", Text(await GetAsync(http, "/versions/1.0.0"), "skill", "state"));
        Assert.Contains("prompt_template", (await GetAsync(http, "/diff?from_version=1.0.0&to_version=1.1.0")).ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("production", Text((await GetAsync(http, "/aliases"))["aliases"]![0]!, "alias"));
        Assert.Equal("ada", Text((await GetAsync(http, "/alias-moves?alias=production"))["moves"]![0]!, "author"));
        var compatibility = await SendAsync(http, HttpMethod.Post, $"/v1/skills/{name}/compatibility", JsonContent.Create(new { version = "1.0.0", candidate_version = "1.1.0" }));
        Assert.True(compatibility["compatible"]!.GetValue<bool>());
        var valid = await SendAsync(http, HttpMethod.Post, $"/v1/skills/{name}/versions/1.1.0/validate", JsonContent.Create(new { output = new { verdict = "pass" } }));
        Assert.True(valid["valid"]!.GetValue<bool>());
        using var test = await http.PostAsync($"/v1/skills/{name}/versions/1.1.0/test", null, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, test.StatusCode);
        Assert.Contains("example", await test.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_ByPlainHttp_TellsOfChangesAndGoesOnFromTheLastId()
    {
        using var http = Client("ada", "skills:publish");
        await RegisterAsync(http, "1.0.0", "Review {{ sheet }}.");
        string last;
        using (var events = await WatchAsync(http))
        {
            await NextAsync(events);
            await SendAsync(http, HttpMethod.Put, $"/v1/skills/{name}/aliases/production", JsonContent.Create(new { version = "1.0.0" }));
            (last, var change) = await NextAsync(events);
            Assert.Equal("production", Text(change, "change", "alias"));
        }

        await SendAsync(http, HttpMethod.Put, $"/v1/skills/{name}/aliases/staging", JsonContent.Create(new { version = "1.0.0" }));
        using var again = await WatchAsync(http, last);
        await NextAsync(again);
        Assert.Equal("staging", Text((await NextAsync(again)).Data, "change", "alias"));
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

    private Task<JsonNode> RegisterAsync(HttpClient http, string version, string template) => SendAsync(
        http, HttpMethod.Post, "/v1/skills", JsonContent.Create(new { skill = new { skill_name = name, version, prompt_template = template } }));

    private Task<JsonNode> GetAsync(HttpClient http, string path) => SendAsync(http, HttpMethod.Get, $"/v1/skills/{name}{path}", null);

    private async Task<StreamReader> WatchAsync(HttpClient http, string? last = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/skills:watch?skill_names={name}");
        if (last is not null)
        {
            request.Headers.Add("Last-Event-ID", last);
        }

        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));
    }

    // An event is its id, its data and an empty line.
    private static async Task<(string Id, JsonNode Data)> NextAsync(StreamReader events)
    {
        var id = await events.ReadLineAsync(Cancellation);
        var data = await events.ReadLineAsync(Cancellation);
        Assert.Equal("", await events.ReadLineAsync(Cancellation));
        return (id!["id: ".Length..], JsonNode.Parse(data!["data: ".Length..])!);
    }

    private static string Text(JsonNode node, params string[] path) => path.Aggregate(node, (inner, name) => inner[name]!).GetValue<string>();

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
