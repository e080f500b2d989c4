using Google.Protobuf;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Archives;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Rest;

/// <summary>Takes archives in and gives them out as files.</summary>
internal static class RestArchives
{
    /// <summary>Stores the archive that is the body; <c>?draft=true</c> as a draft.</summary>
    public static Task ImportAsync(HttpContext http) => RestCall.RunAsync(http, async () =>
    {
        var request = new ImportSkillRequest
        {
            Archive = ByteString.CopyFrom(await RestRequest.ReadBodyAsync(http)),
            Draft = http.Request.Query["draft"] == "true",
            RequestId = http.Request.Query["request_id"].ToString(),
        };
        await RestCall.WriteAsync(http, await http.RequestServices.GetRequiredService<ImportSkill>().ExecuteAsync(request, http.GetCaller(), http.RequestAborted));
    });

    /// <summary>Answers with the archive; <c>?format=ARCHIVE_FORMAT_TAR</c> as tar.</summary>
    public static Task ExportAsync(HttpContext http) => RestCall.RunAsync(http, async () =>
    {
        var request = await RestRequest.ReadAsync<ExportSkillRequest>(http);
        var exported = await http.RequestServices.GetRequiredService<ExportSkill>().ExecuteAsync(request, http.GetCaller(), http.RequestAborted);
        http.Response.ContentType = request.Format == ArchiveFormat.Tar ? "application/x-tar" : "application/zip";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{exported.FileName}\"";
        await http.Response.Body.WriteAsync(exported.Archive.Memory, http.RequestAborted);
    });
}
