using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Access;
using Mainstay.Skills.Publishing;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Archives;

/// <summary>Stores the version that an archive of a skill's folder holds.</summary>
internal sealed class ImportSkill(RegisterSkill register)
{
    public async Task<ImportSkillResponse> ExecuteAsync(ImportSkillRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        // Nothing is unpacked for those who may not store it.
        caller.Require(request.Draft ? SkillScopes.Draft : SkillScopes.Publish);
        if (request.Archive.IsEmpty)
        {
            throw SkillErrors.ArchiveInvalid("archive", "is missing");
        }

        var skill = SkillFolder.Read(ArchiveFiles.Unpack(request.Archive.ToByteArray()));
        var registered = await register.ExecuteAsync(
            new RegisterSkillRequest { Skill = skill, Draft = request.Draft, RequestId = request.RequestId }, caller, cancellationToken);
        return new ImportSkillResponse { Skill = registered.Skill, Warnings = { registered.Warnings } };
    }
}
