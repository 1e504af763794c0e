// SPDX-License-Identifier: Apache-2.0
// What Swift cannot import of OpenSSL: variadic functions, macros, and type-safe stacks.
#ifndef EO_OPENSSL_SHIMS_H
#define EO_OPENSSL_SHIMS_H

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/// A new RSA key of `bits` bits, or NULL.
static inline EVP_PKEY *eo_generate_rsa(size_t bits) { return EVP_RSA_gen(bits); }

/// The bytes that a memory BIO holds; they belong to it.
static inline long eo_bio_bytes(BIO *bio, char **bytes) { return BIO_get_mem_data(bio, bytes); }

/// The flags of RFC 2253, but for letters of other scripts, which stay as they are.
static inline unsigned long eo_name_flags(void) { return XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB; }

/// A context for extensions of a certificate that signs itself.
static inline void eo_self_signed_context(X509V3_CTX *context, X509 *certificate) {
    X509V3_set_ctx_nodb(context);
    X509V3_set_ctx(context, certificate, certificate, NULL, NULL, 0);
}

static inline int eo_general_name_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }

/// The bytes of name `index` if it is of `type` (GEN_DNS or GEN_IPADD), else NULL; they belong to the name.
static inline const unsigned char *eo_general_name(const GENERAL_NAMES *names, int index, int type, int *length) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    if (name == NULL || name->type != type) return NULL;
    const ASN1_STRING *text = type == GEN_DNS ? (const ASN1_STRING *)name->d.dNSName : (const ASN1_STRING *)name->d.iPAddress;
    *length = ASN1_STRING_length(text);
    return ASN1_STRING_get0_data(text);
}

/// Gives a bag the attribute `name`, a dotted number, with the object as its value: Swift cannot pass an object for bytes.
static inline int eo_add_object_attribute(PKCS12_SAFEBAG *bag, const char *name, const ASN1_OBJECT *object) {
    return PKCS12_add1_attr_by_txt(bag, name, V_ASN1_OBJECT, (const unsigned char *)object, -1);
}

static inline void eo_free_openssl(void *memory) { OPENSSL_free(memory); }

#endif
